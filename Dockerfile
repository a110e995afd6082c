# syntax=docker/dockerfile:1
# docker build --build-arg VERSION=$(git describe --tags --always) -t jishi .
# docker run -p 8080:8080 -v jishi:/data jishi

FROM node:22-bookworm-slim AS ui
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY web ./
RUN npm run build

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=ui /src/internal/edge/web/dist internal/edge/web/dist
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags timetzdata \
      -ldflags "-s -w -X jishi/internal/app.Version=${VERSION}" -o /out/jishi ./cmd/jishi \
    && mkdir -m 0750 /out/data

# Nothing but the program and the certificate authorities it needs to call sellers.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/jishi /jishi
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
VOLUME /data
EXPOSE 8080
ENV JISHI_DATA=/data JISHI_LISTEN=0.0.0.0:8080
ENTRYPOINT ["/jishi"]
CMD ["serve"]
