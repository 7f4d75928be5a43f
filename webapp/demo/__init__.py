"""A demonstration regency: accounts with known passwords, and people who do not exist."""
