# Builds Countersign from these sources, and leaves an image with the program, its pages and nothing of the build.
#   docker build --tag countersign .
# The two stages have to be of one Debian release, because the program uses its C library.

FROM rust:1.95-slim-trixie AS build
RUN apt-get update \
  && apt-get install --yes --no-install-recommends nodejs npm \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# What the tools depend on comes first, so that they are built again only when that changes.
COPY scripts scripts
COPY end2end/package.json end2end/package-lock.json end2end/.npmrc end2end/
RUN scripts/setup.sh build
COPY . .
RUN scripts/build.sh dist \
  && mkdir /out \
  && cp -R target/dist/countersign target/dist/hash.txt target/site deploy/healthcheck /out

FROM debian:trixie-slim
# The authorities that the certificates of mail servers and gateways are checked against.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin countersign \
  && install --directory --owner=countersign --mode=0700 /data
COPY --from=build /out /opt/countersign
# So that `docker exec … countersign account unlock` needs no path. The program finds its pages by where the link leads.
RUN ln -s /opt/countersign/countersign /usr/local/bin/countersign
ENV LEPTOS_SITE_ADDR=0.0.0.0:3000 COUNTERSIGN_DATA_DIR=/data
# As a number, for systems that have to know that it is not root.
USER 10001
# countersign.toml is read here, where there is one.
WORKDIR /data
VOLUME /data
EXPOSE 3000
# Whether the process answers. A database that is away is no reason to start it again: /readyz tells of that.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["/opt/countersign/healthcheck"]
ENTRYPOINT ["/usr/local/bin/countersign"]
CMD ["serve"]
