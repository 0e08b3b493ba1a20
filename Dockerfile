# The image of `gapwise serve`. It holds no database: compose.yaml, or whoever runs it, gives DATABASE_URL.

FROM golang:1.26-bookworm AS build
WORKDIR /src
# The modules change less often than the code, so they get a layer of their own.
COPY go.mod go.sum ./
RUN go mod download
# What the pages take from npm; without it they would go without scripts.
RUN apt-get update -o Acquire::Retries=3 \
 && apt-get install -y --no-install-recommends -o Acquire::Retries=3 nodejs npm
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/assets.mjs \
 && CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /out/gapwise ./cmd/gapwise \
 && mkdir /out/data

FROM debian:trixie-slim
# Certificates for the endpoints of the models; nothing else is needed.
RUN apt-get update -o Acquire::Retries=3 \
 && apt-get install -y --no-install-recommends -o Acquire::Retries=3 ca-certificates \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/gapwise /usr/local/bin/gapwise
# A new volume takes over the owner of the directory it covers, which lets the unprivileged user write there.
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
# Every interface of the container, not of the host: who may reach it is decided by the port that is published.
ENV GAPWISE_ADDR=0.0.0.0:8080 \
    GAPWISE_DATA=/data \
    HOME=/data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["gapwise"]
CMD ["serve"]
