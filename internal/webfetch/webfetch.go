// Package webfetch reads a public page on behalf of a person.
//
// The address comes from whoever asks, so it is the door by which a server could be made to talk to its own network. Every connection,
// also after a redirect and whatever a name resolves to at that moment, is refused unless it goes to a public address.
package webfetch

import (
	"bytes"
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
	errOwn     = fault.New(fault.Invalid, "url-not-public", "This address leads into a private network, which is not read. Open the page and send its text in the field text.").In("url")
	errFetch   = fault.New(fault.Unprocessable, "url-not-read", "The page could not be read. Open it and send its text in the field text.").In("url")
	errKind    = fault.New(fault.Unprocessable, "url-not-a-page", "What stands at this address is a file and no page. Open it and send its text in the field text.").In("url")
	errSlow    = fault.Newf(fault.Unprocessable, "url-too-slow", "The page took longer than %.0f seconds. Open it and send its text in the field text.", timeout.Seconds()).In("url")
	errLarge   = fault.Newf(fault.Unprocessable, "url-too-large", "The page is larger than %d MB. Open it and send the text of the description in the field text.", maxBody>>20).In("url")
)

func check(u *url.URL) error {
	if u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return errURL
	}
	return nil
}

// Page is what stands at an address.
type Page struct {
	HTML bool   // else it is plain text
	Body string // UTF-8, at most 2 MiB
}

// Page reads a page of HTML or plain text. Errors are faults that name the field url: an address that is none or leads into a private network,
// also after a redirect, is fault.Invalid; a page that cannot be had, is no page, is too large or too slow is fault.Unprocessable.
func (f *Fetcher) Page(ctx context.Context, address string) (Page, error) {
	u, err := url.Parse(address)
	if err != nil || len(address) > maxURL {
		return Page{}, errURL
	}
	if err := check(u); err != nil {
		return Page{}, err
	}
	select {
	case f.slots <- struct{}{}:
		defer func() { <-f.slots }()
	default:
		return Page{}, fault.New(fault.Unavailable, "busy", "Too many pages are being read at the moment. Try again in a few seconds.").After(timeout)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return Page{}, errURL.Because(err)
	}
	req.Header.Set("User-Agent", "Gapwise (reads one page for a person)")
	req.Header.Set("Accept", "text/html, text/plain;q=0.9")
	resp, err := f.client.Do(req)
	if err != nil {
		return Page{}, failed(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return Page{}, errFetch.Because(fmt.Errorf("status %d", resp.StatusCode))
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if kind != "text/html" && kind != "application/xhtml+xml" && kind != "text/plain" {
		return Page{}, errKind.Because(fmt.Errorf("content type %.60q", kind))
	}
	if resp.ContentLength > maxBody {
		return Page{}, errLarge
	}
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err != nil {
		return Page{}, failed(err)
	}
	if len(raw) > maxBody {
		return Page{}, errLarge
	}
	decoded, err := charset.NewReader(bytes.NewReader(raw), resp.Header.Get("Content-Type"))
	if err != nil {
		return Page{}, errFetch.Because(err)
	}
	text, err := io.ReadAll(decoded)
	if err != nil {
		return Page{}, errFetch.Because(err)
	}
	return Page{HTML: kind != "text/plain", Body: string(text)}, nil
}

// failed turns the client's error into a fault.
func failed(err error) error {
	if slow, ok := errors.AsType[net.Error](err); ok && slow.Timeout() {
		return errSlow.Because(err)
	}
	if errors.Is(err, errPrivate) {
		return errOwn.Because(err)
	}
	if errors.Is(err, fault.Invalid) { // a redirect to what is no address of a page
		return errURL.Because(err)
	}
	return errFetch.Because(err)
}
