package main

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// timed are the times of calls one after another.
type timed struct{ took, first []time.Duration }

func (b *bench) oneByOne(ctx context.Context, base, token string, stream bool, n int) timed {
	var out timed
	for i := range n {
		o := shot{url: base, token: token, model: modelName, mode: "short", text: fmt.Sprint("number ", i), max: 50, stream: stream}.fire(ctx, b.client)
		if o.status == 200 && i >= n/10 { // the first ones warm up
			out.took, out.first = append(out.took, o.took), append(out.first, o.first)
		}
	}
	return out
}

// speed measures what the gateway adds to a call at one call at a time, and how many it makes a second at 32. What the stub and the load take
// is measured by calling the stub itself, in turns with the gateway.
func speed(ctx context.Context, b *bench, mode string) ([]figure, error) {
	h, err := b.start(ctx, 1, map[string]string{"GAPWISE_LEDGER": mode})
	if err != nil {
		return nil, err
	}
	defer func() { _ = h.close(ctx) }()
	b.stub.reset(0)
	base := h.procs[0].url + "/v1"
	limited, err := h.key(ctx, "--rpm", "1000000", "--tpm", "1000000000") // which replicas share
	if err != nil {
		return nil, err
	}
	var direct, through, limits, directStream, throughStream timed
	for range 5 {
		for _, part := range []struct {
			into   *timed
			url    string
			token  string
			stream bool
		}{
			{&direct, b.stub.url, h.token, false},
			{&through, base, h.token, false},
			{&limits, base, limited, false},
			{&directStream, b.stub.url, h.token, true},
			{&throughStream, base, h.token, true},
		} {
			t := b.oneByOne(ctx, part.url, part.token, part.stream, 200)
			part.into.took, part.into.first = append(part.into.took, t.took...), append(part.into.first, t.first...)
		}
	}
	added := func(a, b []time.Duration, q float64) time.Duration { return quantile(b, q) - quantile(a, q) }
	p50, p99, first := 300*time.Microsecond, 1500*time.Microsecond, 2*time.Millisecond
	rate := 3000.0
	if mode == "durable" { // whose first piece waits for a reservation on disk
		p50, p99, first, rate = 5*time.Millisecond, 20*time.Millisecond, 20*time.Millisecond, 500
	}
	a50, a99 := added(direct.took, through.took, .5), added(direct.took, through.took, .99)
	l50, l99 := added(direct.took, limits.took, .5), added(direct.took, limits.took, .99)
	f99 := added(directStream.first, throughStream.first, .99)
	loadCtx, cancel := context.WithTimeout(ctx, b.o.seconds)
	defer cancel()
	var memory int64
	go func() {
		for loadCtx.Err() == nil {
			memory = max(memory, h.procs[0].resident())
			wait(loadCtx, 100*time.Millisecond)
		}
	}()
	began := time.Now()
	done := closed(loadCtx, b.client, 32, 1_000_000, func(i int) shot {
		return shot{url: base, token: h.token, mode: "short", text: strconv.Itoa(i), max: 50}
	})
	took := time.Since(began).Seconds()
	ok := 0
	for _, o := range done {
		if o.status == 200 {
			ok++
		}
	}
	perSecond := float64(ok) / took
	return []figure{
		{mode + ": added latency, one at a time, p50", a50.String(), "≤ " + p50.String(), a50 <= p50},
		{mode + ": added latency, one at a time, p99", a99.String(), "≤ " + p99.String(), a99 <= p99},
		{mode + ": the same with limits of a minute, p50", l50.String(), "≤ " + p50.String(), l50 <= p50},
		{mode + ": the same with limits of a minute, p99", l99.String(), "≤ " + p99.String(), l99 <= p99},
		{mode + ": added time to the first piece, p99", f99.String(), "≤ " + first.String(), f99 <= first},
		{mode + ": calls a second, 32 at a time", fmt.Sprintf("%.0f", perSecond), fmt.Sprintf("≥ %.0f", rate), perSecond >= rate},
		{mode + ": resident memory under that load", fmt.Sprintf("%.1f MB", float64(memory)/1e6), "≤ 64 MB", memory <= 64e6},
	}, nil
}
