"""Numbers that help: in Indonesia and in each country of destination, with who verified them and when."""
