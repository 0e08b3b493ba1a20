package main

import (
	"context"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdkresource "go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/gapwise/gapwise/internal/config"
	"github.com/gapwise/gapwise/internal/fault"
)

// flushTime is how long the last spans may take to be sent.
const flushTime = 5 * time.Second

// tracer sends spans to where OTEL_EXPORTER_OTLP_ENDPOINT says; nil where it says nothing, and then nothing of it runs. The exporter reads the
// other OTEL_ variables itself.
func (h *house) tracer(ctx context.Context, cfg *config.Config) (trace.Tracer, error) {
	if cfg.OTLPEndpoint == "" {
		return nil, nil //nolint:nilnil // the gateway takes nil for none
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(strings.TrimRight(cfg.OTLPEndpoint, "/")+"/v1/traces"))
	if err != nil {
		return nil, fault.Newf(fault.Usage, "invalid-setting", "OTEL_EXPORTER_OTLP_ENDPOINT or another OTEL_ variable cannot be used.").Because(err)
	}
	about, err := sdkresource.Merge(sdkresource.Default(), sdkresource.NewSchemaless(attribute.String("service.name", "gapwise")))
	if err != nil {
		return nil, fault.Newf(fault.Usage, "invalid-setting", "OTEL_RESOURCE_ATTRIBUTES cannot be used.").Because(err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))
	h.close = append(h.close, func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTime)
		defer cancel()
		if err := provider.Shutdown(ctx); err != nil {
			h.log.WarnContext(ctx, "the last spans were not sent", "error", err)
		}
		return nil
	})
	return provider.Tracer("github.com/gapwise/gapwise/gateway"), nil
}
