# One image for every service: SERVICE (also at run time) says which of them a container is.
ARG NODE_IMAGE=node:24-bookworm-slim

# All dependencies, and beside them those that run in production. These layers stay cached until a dependency changes.
FROM ${NODE_IMAGE} AS dependencies
ENV CI=true
WORKDIR /app
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY scripts/pnpm.mjs scripts/pnpm.mjs
COPY scripts/lib/install.mjs scripts/lib/run.mjs scripts/lib/
COPY packages/contracts/package.json packages/contracts/
COPY packages/runtime/package.json packages/runtime/
COPY packages/read-model/package.json packages/read-model/
COPY packages/client/package.json packages/client/
COPY packages/fake-ollama/package.json packages/fake-ollama/
COPY packages/demo/package.json packages/demo/
COPY packages/cli/package.json packages/cli/
COPY services/collector/package.json services/collector/
COPY services/api/package.json services/api/
COPY services/web/package.json services/web/
COPY services/agent/package.json services/agent/
COPY services/alerts/package.json services/alerts/
COPY services/connectors/package.json services/connectors/
# Few connections at once: behind Docker's address translation many of them can stall for a minute.
RUN --mount=type=cache,target=/root/.npm \
    cp -r . /production && \
    node scripts/pnpm.mjs install --frozen-lockfile --network-concurrency=16 \
      --filter llm-monitor-workspace --filter '{./services/*}...' --filter '{./packages/cli}...' && \
    cd /production && \
    node scripts/pnpm.mjs install --frozen-lockfile --prod --offline \
      --filter '{./services/*}...' --filter '{./packages/cli}...' && \
    rm -rf scripts

# The build, and from it only what runs.
FROM dependencies AS build
COPY tsconfig.base.json ./
COPY scripts scripts
COPY packages packages
COPY services services
RUN node scripts/build.mjs && \
    for part in packages/* services/* services/web/dashboard; do \
      mkdir -p "/out/$part" && cp -r "$part/dist" "/out/$part/"; \
    done && \
    find /out \( -name '*.d.ts' -o -name '*.map' -o -name '.tsbuildinfo' \) -delete

FROM ${NODE_IMAGE}
ARG SERVICE=web
ENV NODE_ENV=production SERVICE=${SERVICE} LLM_MONITOR_IN_CONTAINER=1 HOST=0.0.0.0
# Small heaps are collected before they grow; with larger ones V8 keeps what requests leave (docs/benchmarks.md).
ENV NODE_OPTIONS=--max-semi-space-size=2
WORKDIR /app
COPY --from=dependencies /production ./
COPY --from=build /out ./
COPY deploy/healthcheck.sh deploy/
# New volumes take over whose folders these are.
RUN mkdir -p /secrets/home/bus /secrets/home/store /secrets/collector /secrets/api /secrets/web /secrets/agent /secrets/alerts /secrets/connectors && \
    chown -R node:node /secrets && chmod -R 750 /secrets
USER node
EXPOSE 8080 8081 8082 8083 8084 8085 11435
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 CMD ["bash", "deploy/healthcheck.sh"]
# exec: the service is process 1 and gets the signals itself.
CMD ["sh", "-c", "exec node services/$SERVICE/dist/main.js"]
