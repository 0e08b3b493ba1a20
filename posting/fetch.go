package posting

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/webfetch"
)

// Bounds on what is fetched.
const (
	maxFetched   = 64 << 20 // bytes of one answer
	maxRobots    = 256 << 10
	fetchTimeout = 2 * time.Minute
	tries        = 3
	firstPause   = 2 * time.Second
	longestPause = time.Minute // a server that asks for a longer one is left for the next run
	robotsHold   = 24 * time.Hour
	agent        = "Gapwise"
)

// Validators are what a server gave to ask by whether something has changed (RFC 9110, section 8.8).
type Validators struct {
	ETag         string
	LastModified string
}

// Fetcher asks servers for lists of postings, politely: it says who it is, asks whether anything has changed, keeps the delay that a host's
// robots.txt asks for between two requests, and waits as long as a server that is busy says. It is safe for concurrent use.
type Fetcher struct {
	client *http.Client
	now    func() time.Time
	wait   func(context.Context, time.Duration) error

	mu    sync.Mutex
	hosts map[string]*host
}

// host is what is known of one.
type host struct {
	mu     sync.Mutex // held while one asks: one request at a time
	rules  robots
	read   time.Time
	last   time.Time
	agreed bool
}

// NewFetcher makes a fetcher over a client. now and wait may be nil: those of the clock.
func NewFetcher(client *http.Client, now func() time.Time, wait func(context.Context, time.Duration) error) *Fetcher {
	if now == nil {
		now = time.Now
	}
	if wait == nil {
		wait = pause
	}
	return &Fetcher{client: client, now: now, wait: wait, hosts: map[string]*host{}}
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// NewClient is a client for a Fetcher that connects to public addresses alone, and to those that trusted lets through: an operator may import
// from a server of their own network, a redirect from elsewhere may not lead there.
func NewClient(trusted func(netip.Addr) bool) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !webfetch.Public(at.Addr().Unmap()) && (trusted == nil || !trusted(at.Addr().Unmap())) {
			return errors.New("not a public address")
		}
		return nil
	}}
	return &http.Client{Timeout: fetchTimeout, Transport: &http.Transport{
		DialContext: dialer.DialContext, TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: time.Minute, MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute,
	}}
}

// Answer is what a server gave. Close it.
type Answer struct {
	io.ReadCloser
	Kind       string // content type
	Validators Validators
}

// Get asks for an address. obey is for an address that is none of a published interface: what robots.txt forbids is not asked for. An answer
// that nothing has changed is ErrUnchanged; one that there is nothing any more, fault.NotFound; a server that asks for more patience than a
// run has is fault.RateLimited, with how long.
func (f *Fetcher) Get(ctx context.Context, address string, known Validators, obey bool) (*Answer, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return nil, fault.New(fault.Invalid, "invalid-url", "Give an address that begins with https:// or http://.").In("url")
	}
	h := f.host(u)
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := f.learn(ctx, h, u); err != nil {
		return nil, err
	}
	if obey && !h.rules.allows(u.EscapedPath()) {
		return nil, fault.Newf(fault.Forbidden, "robots", "%s asks robots not to read this address.", u.Host).In("url")
	}
	next := firstPause
	for try := 1; ; try++ {
		if err := f.space(ctx, h); err != nil {
			return nil, err
		}
		resp, err := f.ask(ctx, h, u, known)
		if err != nil {
			if try < tries && ctx.Err() == nil && !strings.Contains(err.Error(), "not a public address") {
				if err := f.wait(ctx, next); err != nil {
					return nil, err
				}
				next *= 2
				continue
			}
			return nil, fault.Newf(fault.Unavailable, "not-reached", "%s could not be reached.", u.Host).In("url").Because(err)
		}
		busy := resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= 500
		if !busy {
			return answer(resp, u)
		}
		asked := retryAfter(resp.Header.Get("Retry-After"), f.now())
		_ = resp.Body.Close()
		if asked > longestPause || try == tries {
			return nil, fault.Newf(fault.RateLimited, "busy", "%s is busy (status %d).", u.Host, resp.StatusCode).In("url").After(max(asked, longestPause))
		}
		if err := f.wait(ctx, max(asked, next)); err != nil {
			return nil, err
		}
		next *= 2
	}
}

func (f *Fetcher) host(u *url.URL) *host {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := u.Scheme + "://" + u.Host
	if f.hosts[key] == nil {
		f.hosts[key] = &host{}
	}
	return f.hosts[key]
}

// space waits until the host's delay since the last request is over.
func (f *Fetcher) space(ctx context.Context, h *host) error {
	if h.last.IsZero() || h.rules.delay == 0 {
		return nil
	}
	if left := h.rules.delay - f.now().Sub(h.last); left > 0 {
		return f.wait(ctx, left)
	}
	return nil
}

func (f *Fetcher) ask(ctx context.Context, h *host, u *url.URL, known Validators) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", agent+" (reads job postings for an operator)")
	req.Header.Set("Accept", "application/json, application/rss+xml, application/atom+xml, text/html;q=0.9, */*;q=0.5")
	if known.ETag != "" {
		req.Header.Set("If-None-Match", known.ETag)
	}
	if known.LastModified != "" {
		req.Header.Set("If-Modified-Since", known.LastModified)
	}
	h.last = f.now()
	return f.client.Do(req)
}

// answer judges a response that is not for later.
func answer(resp *http.Response, u *url.URL) (*Answer, error) {
	if resp.StatusCode == http.StatusOK {
		return &Answer{
			ReadCloser: bounded{io.LimitReader(resp.Body, maxFetched), resp.Body}, Kind: resp.Header.Get("Content-Type"),
			Validators: Validators{resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")},
		}, nil
	}
	_ = resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusNotModified:
		return nil, ErrUnchanged
	case http.StatusNotFound, http.StatusGone:
		return nil, fault.Newf(fault.NotFound, "no-such-list", "%s has nothing at this address (status %d).", u.Host, resp.StatusCode).In("url")
	}
	return nil, fault.Newf(fault.Unavailable, "not-given", "%s answered with status %d.", u.Host, resp.StatusCode).In("url")
}

// bounded is a body of which a part is read at most.
type bounded struct {
	io.Reader
	io.Closer
}

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(s string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n >= 0 {
		return time.Duration(min(n, 86_400)) * time.Second
	}
	if t, err := http.ParseTime(s); err == nil {
		return min(max(0, t.Sub(now)), 24*time.Hour)
	}
	return 0
}

// learn reads the host's robots.txt once a day. A host without one, or that does not give it, asks for nothing.
func (f *Fetcher) learn(ctx context.Context, h *host, u *url.URL) error {
	if h.agreed && f.now().Sub(h.read) < robotsHold {
		return nil
	}
	at := url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", agent)
	h.agreed, h.read, h.rules = true, f.now(), robots{}
	resp, err := f.client.Do(req)
	if err != nil {
		return ctx.Err() // the request that is meant tells what is wrong
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode == http.StatusOK {
		h.rules = readRobots(io.LimitReader(resp.Body, maxRobots))
		h.last = f.now()
	}
	return nil
}

// robots are the rules of a robots.txt for us (RFC 9309), with the delay that many of them name.
type robots struct {
	delay time.Duration
	rules []robotsRule
}

type robotsRule struct {
	path  string
	allow bool
}

// maxDelay is the longest delay that is kept: one that is longer asks for not being read at all, which is what disallow is for.
const maxDelay = 30 * time.Second

// readRobots reads the group that names us, or that for everybody.
func readRobots(r io.Reader) robots {
	groups := map[string]*robots{}
	var names []string
	inRules := false
	for lines := bufio.NewScanner(r); lines.Scan(); {
		text, _, _ := strings.Cut(lines.Text(), "#")
		field, value, ok := strings.Cut(text, ":")
		if !ok {
			continue
		}
		field, value = strings.ToLower(strings.TrimSpace(field)), strings.TrimSpace(value)
		if field == "user-agent" {
			if inRules {
				names, inRules = nil, false
			}
			names = append(names, strings.ToLower(value))
			continue
		}
		inRules = true
		for _, n := range names {
			g := groups[n]
			if g == nil {
				g = &robots{}
				groups[n] = g
			}
			switch field {
			case "crawl-delay":
				if s, err := strconv.ParseFloat(value, 64); err == nil && s > 0 {
					g.delay = min(time.Duration(min(s, 3600)*float64(time.Second)), maxDelay)
				}
			case "disallow", "allow":
				if value != "" {
					g.rules = append(g.rules, robotsRule{value, field == "allow"})
				}
			}
		}
	}
	for _, n := range []string{strings.ToLower(agent), "*"} {
		if g := groups[n]; g != nil {
			return *g
		}
	}
	return robots{}
}

// allows tells whether a path may be read: the longest rule that fits decides, and of two as long the one that allows.
func (r robots) allows(path string) bool {
	longest, allow := -1, true
	for _, rule := range r.rules {
		if fits(rule.path, path) && (len(rule.path) > longest || len(rule.path) == longest && rule.allow) {
			longest, allow = len(rule.path), rule.allow
		}
	}
	return allow
}

// fits tells whether a path begins as a rule says, in which * stands for anything and $ for the end.
func fits(rule, path string) bool {
	rule, end := strings.CutSuffix(rule, "$")
	parts := strings.Split(rule, "*")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	path = path[len(parts[0]):]
	for i, p := range parts[1:] {
		if end && i == len(parts)-2 {
			return strings.HasSuffix(path, p)
		}
		at := strings.Index(path, p)
		if at < 0 {
			return false
		}
		path = path[at+len(p):]
	}
	return !end || path == ""
}
