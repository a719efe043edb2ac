# syntax=docker/dockerfile:1
# One image for the gateway, the five services and the migration job: the command names which one a container is.

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN --mount=type=cache,target=/npm-cache npm ci --ignore-scripts --cache /npm-cache
RUN npx tsc -b apps/gateway apps/facilities apps/operators apps/bookings apps/billing apps/notifications deploy/local
# What runs: compiled code and the libraries that it needs; no sources, specs, documents or tools. Nor source maps of libraries,
# which every process would keep 15 MB of.
RUN npm prune --omit=dev --ignore-scripts \
  && find apps libs deploy -path '*/src' -type d -prune -exec rm -rf {} + \
  && find apps libs deploy -name '*.spec.*' -delete \
  && find node_modules -name '*.map' -delete \
  && rm -rf bench faults scenarios tools docs libs/testing/dist

FROM node:20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
WORKDIR /app
# Settlement files and unsent messages are kept here; a volume mounted over it takes over this owner.
RUN install -d -o node -g node /var/lib/doorstep
COPY --from=build /app /app
USER node
EXPOSE 8080
# Node is process 1 and handles SIGTERM and SIGINT itself; it starts no children, so there is nothing to reap.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["apps/gateway/dist/main.js"]
