// Package openai reaches any OpenAI-compatible endpoint. It is the only user of the SDK.
package openai

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"time"

	sdk "github.com/sashabaranov/go-openai"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
)

// Bounds on what an endpoint may do to us.
const (
	dialTimeout     = 5 * time.Second
	headerTimeout   = 60 * time.Second
	maxResponse     = 32 << 20 // bytes of one response; 64 vectors of 4,000 numbers take 6 MB
	maxAnswer       = 1 << 20  // bytes of one answer
	maxEmptyStreams = 300      // chunks without content, which keep-alives are
	idleConns       = 128      // kept open, so that a burst does not dial anew
)

// Client is a gateway.Provider for one endpoint.
type Client struct {
	sdk        *sdk.Client
	address    string
	dimensions int // asked of an embedding model; 0 asks for none
}

// New makes a client. baseURL is the address up to and including the version, such as http://127.0.0.1:11434/v1.
func New(baseURL, apiKey string) *Client {
	cfg := sdk.DefaultConfig(apiKey)
	cfg.BaseURL = strings.TrimRight(baseURL, "/")
	cfg.EmptyMessagesLimit = maxEmptyStreams
	cfg.HTTPClient = &http.Client{Transport: bounded{&http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           dial,
		TLSHandshakeTimeout:   dialTimeout,
		ResponseHeaderTimeout: headerTimeout,
		MaxIdleConnsPerHost:   idleConns,
		MaxIdleConns:          2 * idleConns,
		IdleConnTimeout:       90 * time.Second,
	}}}
	return &Client{sdk: sdk.NewClientWithConfig(cfg), address: cfg.BaseURL}
}

// Address is the endpoint's, as it was given.
func (c *Client) Address() string { return c.address }

// WithDimensions is a client that asks embedding models for vectors of that length, which some can shorten; 0 asks for none.
func (c *Client) WithDimensions(n int) *Client {
	d := *c
	d.dimensions = n
	return &d
}

// Embed implements gateway.Provider.
func (c *Client) Embed(ctx context.Context, model string, texts []string) ([][]float32, gateway.Result, error) {
	ctx = withPause(ctx)
	resp, err := c.sdk.CreateEmbeddings(ctx, sdk.EmbeddingRequestStrings{Input: texts, Model: sdk.EmbeddingModel(model), Dimensions: c.dimensions})
	if err != nil {
		result, err := failed(ctx, gateway.Result{}, err)
		return nil, result, err
	}
	result := gateway.Result{Usage: usageOf(&usage{PromptTokens: resp.Usage.PromptTokens, TotalTokens: resp.Usage.TotalTokens})}
	out := make([][]float32, len(texts))
	for _, d := range resp.Data {
		if d.Index < 0 || d.Index >= len(out) || out[d.Index] != nil {
			return nil, result, errMalformed
		}
		out[d.Index] = d.Embedding
	}
	for _, v := range out {
		if v == nil {
			return nil, result, errMalformed
		}
	}
	return out, result, nil
}

// reasons tells whether a model belongs to the families that count hidden reasoning as output.
func reasons(model string) bool {
	for _, prefix := range []string{"o1", "o3", "o4", "gpt-5"} {
		if strings.HasPrefix(model, prefix) {
			return true
		}
	}
	return false
}

var (
	errMalformed = fault.New(fault.Unavailable, "model-malformed", "The language model answered with something that cannot be used. Try again.")
	errCut       = fault.New(fault.Unavailable, "model-cut-off", "The language model stopped in the middle of its answer. Try again.")
)

// failed turns the SDK's error into a fault, and says whether the endpoint cannot have billed.
func failed(ctx context.Context, result gateway.Result, err error) (gateway.Result, error) {
	if ctxErr := ctx.Err(); errors.Is(ctxErr, context.DeadlineExceeded) {
		return result, fault.New(fault.Timeout, "model-timeout", "The language model took too long. Try again.").Because(err)
	} else if ctxErr != nil {
		return result, ctxErr
	}
	status := 0
	if api, ok := errors.AsType[*sdk.APIError](err); ok {
		status = api.HTTPStatusCode
	} else if req, ok := errors.AsType[*sdk.RequestError](err); ok {
		status = req.HTTPStatusCode
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		result.Unbilled = true
	}
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		result.Unbilled = true
		return result, fault.New(fault.Unavailable, "model-refused-key", "The model's endpoint refused this service's key. Whoever runs it should check LLM_API_KEY and EMBEDDINGS_API_KEY.").Because(err)
	case status == http.StatusTooManyRequests:
		result.Unbilled = true
		return result, fault.New(fault.Unavailable, "model-busy", "The language model takes no more requests just now. Try again in a minute.").After(pauseOf(ctx, busyPause)).Because(err)
	case status >= http.StatusInternalServerError:
		result.Unbilled = true
		return result, fault.New(fault.Unavailable, "model-failed", "The language model answered with an error. Try again; if it stays, tell whoever runs this service.").After(pauseOf(ctx, failedPause)).Because(err)
	case status >= http.StatusBadRequest: // asking the same again would be refused again
		result.Unbilled = true
		return result, fault.New(fault.Unavailable, "model-refused-request", "The language model refused the request. Whoever runs this service finds its reason in the log, and should check the model's name and base URL.").Because(err)
	}
	return result, fault.New(fault.Unavailable, "model-unreachable", "The language model could not be reached. Try again; if it stays, tell whoever runs this service.").After(failedPause).Because(err)
}

// How long to wait before trying again where the endpoint does not say.
const (
	busyPause   = 10 * time.Second
	failedPause = time.Second
	minPause    = time.Millisecond
	maxPause    = time.Hour
)

// pauseKey is where a call's context keeps what the endpoint's Retry-After says: the SDK's errors carry no headers.
type pauseKey struct{}

func withPause(ctx context.Context) context.Context {
	return context.WithValue(ctx, pauseKey{}, new(time.Duration))
}

// pauseOf is what the endpoint asked for, or what is usual.
func pauseOf(ctx context.Context, usual time.Duration) time.Duration {
	if p, ok := ctx.Value(pauseKey{}).(*time.Duration); ok && *p > 0 {
		return *p
	}
	return usual
}

// retryAfter reads a Retry-After header in either of its forms (RFC 9110, section 10.2.3), bounded on both sides; 0 where it says nothing
// of use.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	var pause time.Duration
	if seconds, err := strconv.Atoi(value); err == nil {
		pause = time.Duration(min(seconds, int(maxPause/time.Second))) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		pause = at.Sub(now)
	} else {
		return 0
	}
	return min(max(pause, minPause), maxPause)
}

// promptHeader says which of our templates a request was made from, as the context has it under promptKey.
const promptHeader = "X-Gapwise-Prompt"

type promptKey struct{}

// bounded limits how much of a response is read, and notes how long an endpoint wants to be left alone.
type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	if version, _ := r.Context().Value(promptKey{}).(string); version != "" {
		r = r.Clone(r.Context())
		r.Header.Set(promptHeader, version)
	}
	resp, err := b.again(r)
	if err != nil {
		return nil, err
	}
	if p, ok := r.Context().Value(pauseKey{}).(*time.Duration); ok && resp.StatusCode >= http.StatusBadRequest {
		*p = retryAfter(resp.Header, time.Now())
	}
	body := io.LimitReader(resp.Body, maxResponse)
	if tap, ok := r.Context().Value(tapKey{}).(*bytes.Buffer); ok {
		body = io.TeeReader(body, tap)
	}
	resp.Body = limitedBody{body, resp.Body}
	return resp, nil
}

// again makes a request anew where it was given a connection whose sending half we have closed: nothing of it can have been sent.
func (b bounded) again(r *http.Request) (resp *http.Response, err error) {
	for range idleConns {
		var used net.Conn
		ctx := httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { used = info.Conn }})
		resp, err = b.next.RoundTrip(r.WithContext(ctx))
		if err == nil || !isHalf(used) || r.GetBody == nil {
			return resp, err
		}
		body, bodyErr := r.GetBody()
		if bodyErr != nil {
			return nil, errors.Join(err, bodyErr)
		}
		r = r.Clone(r.Context())
		r.Body = body
	}
	return resp, err
}

type limitedBody struct {
	io.Reader
	io.Closer
}
