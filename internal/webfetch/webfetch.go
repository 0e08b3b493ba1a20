// Package webfetch reads a public page as text on behalf of a person.
//
// The address comes from whoever asks, so it is the door by which a server could be made to talk to its own network. Every connection,
// also after a redirect and whatever a name resolves to at that moment, is refused unless it goes to a public address.
package webfetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"golang.org/x/net/html/charset"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/markup"
)

// Bounds on a page.
const (
	maxURL       = 2000
	maxBody      = 2 << 20 // bytes
	maxRedirects = 3
	maxAtOnce    = 8 // pages read at a time, so that nobody makes a crowd of us
	timeout      = 10 * time.Second
	dialTimeout  = 4 * time.Second
)

// Fetcher reads pages. It is safe for concurrent use.
type Fetcher struct {
	client *http.Client
	slots  chan struct{}
}

// New makes a fetcher. allowed tells which addresses may be connected to; nil means Public.
func New(allowed func(netip.Addr) bool) *Fetcher {
	if allowed == nil {
		allowed = Public
	}
	dialer := &net.Dialer{Timeout: dialTimeout, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !allowed(at.Addr().Unmap()) {
			return errPrivate
		}
		return nil
	}}
	return &Fetcher{slots: make(chan struct{}, maxAtOnce), client: &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			// No proxy: one would connect for us, past the check.
			DialContext: dialer.DialContext, TLSHandshakeTimeout: dialTimeout, ResponseHeaderTimeout: timeout, DisableKeepAlives: true,
			MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return errors.New("too many redirects")
			}
			return check(req.URL)
		},
	}}
}

// reserved are ranges that the methods of netip.Addr do not know as special.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/32"), // carry an IPv4 address inside
}

// Public tells whether an address is one of the public internet (IANA's special-purpose registries).
func Public(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

var (
	errPrivate = errors.New("not a public address")
	errURL     = fault.New(fault.Invalid, "invalid-url", "Give the address of a public page that begins with https:// or http://.").In("url")
	errFetch   = fault.New(fault.Unprocessable, "url-not-read", "The page could not be read. Open it and send its text in the field text.").In("url")
)

func check(u *url.URL) error {
	if u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return errURL
	}
	return nil
}

// Text is the text of a page of HTML or plain text. Errors are faults that name the field url.
func (f *Fetcher) Text(ctx context.Context, address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || len(address) > maxURL {
		return "", errURL
	}
	if err := check(u); err != nil {
		return "", err
	}
	select {
	case f.slots <- struct{}{}:
		defer func() { <-f.slots }()
	default:
		return "", fault.New(fault.Unavailable, "busy", "Too many pages are being read at the moment. Try again in a few seconds.").After(timeout)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return "", errURL.Because(err)
	}
	req.Header.Set("User-Agent", "Gapwise (reads one page for a person)")
	req.Header.Set("Accept", "text/html, text/plain;q=0.9")
	resp, err := f.client.Do(req)
	if errors.Is(err, errPrivate) {
		return "", errURL.Because(err)
	}
	if err != nil {
		return "", errFetch.Because(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return "", errFetch.Because(fmt.Errorf("status %d", resp.StatusCode))
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if kind != "text/html" && kind != "application/xhtml+xml" && kind != "text/plain" {
		return "", errFetch.Because(fmt.Errorf("content type %.60q", kind))
	}
	body, err := charset.NewReader(io.LimitReader(resp.Body, maxBody), resp.Header.Get("Content-Type"))
	if err != nil {
		return "", errFetch.Because(err)
	}
	if kind == "text/plain" {
		b, err := io.ReadAll(body)
		if err != nil {
			return "", errFetch.Because(err)
		}
		return string(b), nil
	}
	text, err := markup.Text(body)
	if err != nil {
		return "", errFetch.Because(err)
	}
	return text, nil
}
