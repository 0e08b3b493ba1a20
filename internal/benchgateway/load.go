package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// shot is one request of a load.
type shot struct {
	url    string // up to /v1
	token  string
	model  string // "" for the configured one
	mode   string // of the stub
	text   string
	max    int // 0 for none
	stream bool
	leave  int // pieces after which the client leaves; 0 to stay
}

// outcome is how a shot ended.
type outcome struct {
	status int // 0 where no answer came
	code   string
	first  time.Duration
	took   time.Duration
	max    string // what max_tokens was cut to
	cost   string
}

// client is shared, with enough idle connections that a burst does not dial anew.
func client() *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConns: 2048, MaxIdleConnsPerHost: 1024, IdleConnTimeout: 30 * time.Second}, Timeout: 2 * time.Minute}
}

func (s shot) body() string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"model":%q,"messages":[{"role":"user","content":"mode=%s %s"}]`, s.model, s.mode, s.text)
	if s.max > 0 {
		fmt.Fprintf(&b, `,"max_tokens":%d`, s.max)
	}
	if s.stream {
		b.WriteString(`,"stream":true,"stream_options":{"include_usage":true}`)
	}
	b.WriteString("}")
	return b.String()
}

// fire makes one request and reads the whole answer, or as much as it stays for.
func (s shot) fire(ctx context.Context, c *http.Client) (o outcome) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	began := time.Now()
	defer func() { o.took = time.Since(began) }()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/chat/completions", strings.NewReader(s.body()))
	if err != nil {
		return o
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+s.token)
	resp, err := c.Do(req)
	if err != nil {
		return o
	}
	defer func() { _ = resp.Body.Close() }()
	o.status, o.max, o.cost = resp.StatusCode, resp.Header.Get("X-Gapwise-Max-Tokens"), resp.Header.Get("X-Gapwise-Cost")
	if !s.stream || o.status != http.StatusOK {
		b, err := io.ReadAll(resp.Body)
		o.first = time.Since(began)
		if err != nil {
			o.status = 0
		}
		if _, rest, ok := strings.Cut(string(b), `"code":"`); ok && o.status != http.StatusOK {
			o.code, _, _ = strings.Cut(rest, `"`)
		}
		return o
	}
	in := bufio.NewScanner(resp.Body)
	in.Buffer(nil, 1<<20)
	done := false
	for n := 0; in.Scan(); {
		line := in.Text()
		if !strings.HasPrefix(line, "data:") {
			continue
		}
		if n++; n == 1 {
			o.first = time.Since(began)
		}
		if n == s.leave {
			return o
		}
		done = done || strings.Contains(line, "[DONE]")
	}
	if !done {
		o.code = "cut"
	}
	return o
}

// burst fires all shots at once, from a barrier.
func burst(ctx context.Context, c *http.Client, shots []shot) []outcome {
	out := make([]outcome, len(shots))
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i, s := range shots {
		wg.Go(func() {
			<-start
			out[i] = s.fire(ctx, c)
		})
	}
	close(start)
	wg.Wait()
	return out
}

// closed fires n shots with so many workers, each the next one when the last is answered.
func closed(ctx context.Context, c *http.Client, workers, n int, next func(int) shot) []outcome {
	out := make([]outcome, n)
	var at atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(at.Add(1)) - 1
				if i >= n {
					return
				}
				out[i] = next(i).fire(ctx, c)
			}
		})
	}
	wg.Wait()
	return out
}

// paced fires shots at a rate, whether earlier ones are answered or not (an open loop).
func paced(ctx context.Context, c *http.Client, every time.Duration, n int, next func(int) shot) []outcome {
	out := make([]outcome, n)
	var wg sync.WaitGroup
	tick := time.NewTicker(every)
	defer tick.Stop()
	for i := range n {
		<-tick.C
		wg.Go(func() { out[i] = next(i).fire(ctx, c) })
	}
	wg.Wait()
	return out
}

// counts are how many outcomes have each status.
func counts(list []outcome) map[string]int {
	out := map[string]int{}
	for _, o := range list {
		out[strings.TrimSpace(fmt.Sprint(o.status, " ", o.code))]++
	}
	return out
}

// quantile of durations, 0 to 1.
func quantile(list []time.Duration, q float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(list))
	return s[min(int(q*float64(len(s))), len(s)-1)]
}

// someText is a prompt's text of a random length, and unlike any other.
func someText(rng *rand.Rand) string {
	return fmt.Sprintf("%016x %s", rng.Uint64(), strings.Repeat("y", rng.IntN(200)))
}
