# One image for web and worker: `docker run … desmigratif` serves pages,
# `docker run … desmigratif flask --app webapp worker` sends the texts.
# First, and after each update: `docker run … desmigratif flask --app webapp db upgrade`, then `… seed`.

# 1. htmx and the list of areas, by the hashes of package-lock.json.
FROM node:22-slim AS frontend
WORKDIR /frontend
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

# 2. Python packages, by the hashes of requirements.txt.
FROM python:3.12-slim AS packages
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

# 3. What runs: no compiler, no npm, no root.
FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /app desmigratif \
    && install -d -o desmigratif /app/instance
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 APP_ENV=production WEB_BIND=0.0.0.0:8000
COPY --from=packages /venv /venv
COPY sms sms
COPY webapp webapp
COPY templates templates
COPY migrations migrations
COPY static static
COPY deploy/gunicorn.conf.py deploy/
COPY --from=frontend /frontend/node_modules/htmx.org/dist/htmx.min.js static/vendor/
COPY --from=frontend /frontend/node_modules/idn-area-data/data/*.csv webapp/areas/data/
# Translations compiled and static files compressed now: later nothing but the database is written.
RUN APP_ENV=development flask --app webapp build
USER desmigratif
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "webapp:create_app()"]
