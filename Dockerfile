# syntax=docker/dockerfile:1
# A gateway in an image of its own: no shell, no package manager, not root. State is in /data.
#
#   docker build -t passerelle .                                                     production, without a sandbox in it
#   docker run --rm -p 8080:8080 -v passerelle:/data -e PASSERELLE_… passerelle      docs/operations.md
#   docker build -t passerelle-sandbox --target sandbox .                            the variant for vendors
#   docker run --rm -p 8080:8080 -v passerelle:/data passerelle-sandbox

FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential=12.9 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN .ci/release /out && mkdir /out/data

FROM gcr.io/distroless/cc-debian12:nonroot AS base
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
# The image has no other HTTP client than the program itself.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s \
    CMD ["/usr/local/bin/passerelle", "health", "--url", "http://127.0.0.1:8080"]
ENTRYPOINT ["/usr/local/bin/passerelle"]

FROM base AS sandbox
COPY --from=build /out/passerelle-sandbox /usr/local/bin/passerelle
CMD ["sandbox", "--listen", "0.0.0.0:8080", "--data", "/data"]

FROM base AS production
COPY --from=build /out/passerelle /usr/local/bin/passerelle
CMD ["serve"]
