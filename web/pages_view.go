package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/web/locale"
)

// The themes: that of the person's system, or one of the two whatever the system says.
const (
	themeAuto  = "auto"
	themeLight = "light"
	themeDark  = "dark"
)

// settingsCookie holds how somebody wants to see the pages. It says nothing of who they are.
const (
	settingsCookie = "gapwise_view"
	settingsLife   = 365 * 24 * 60 * 60 // seconds
)

// view is what a page knows of the request that asked for it.
type view struct {
	Lang      *locale.Language
	Languages []*locale.Language
	Chosen    string // code of the language that the person chose, "" where the browser's counts
	Theme     string
	Streaming bool   // answers may appear word by word
	Keys      bool   // single keys are shortcuts
	Scripted  bool   // the build has htmx
	Here      string // address to come back to after the settings
}

// Themes are what the form offers.
func (v view) Themes() []string { return []string{themeAuto, themeLight, themeDark} }

// ColorScheme is what the browser is told, so that its own parts of the page follow.
func (v view) ColorScheme() string {
	if v.Theme == themeAuto {
		return "light dark"
	}
	return v.Theme
}

const viewKey = "view"

// view reads what the person set. What the cookie has wrong counts as not set.
func (s *server) view(c *gin.Context) view {
	if kept, ok := c.Get(viewKey); ok {
		if v, ok := kept.(view); ok {
			return v
		}
	}
	v := view{Languages: s.pages.locale.Languages(), Theme: themeAuto, Streaming: true, Keys: true, Scripted: s.pages.has("htmx.min.js"), Here: "/"}
	if raw, err := c.Cookie(settingsCookie); err == nil {
		if set, err := url.ParseQuery(raw); err == nil {
			v.Chosen, v.Streaming, v.Keys = set.Get("language"), set.Get("streaming") != "no", set.Get("keys") != "no"
			if t := set.Get("theme"); t == themeLight || t == themeDark {
				v.Theme = t
			}
		}
	}
	v.Lang = s.pages.locale.Choose(v.Chosen, c.GetHeader("Accept-Language"))
	if v.Chosen != v.Lang.Code {
		v.Chosen = ""
	}
	if c.Request.Method == http.MethodGet {
		v.Here = c.Request.URL.RequestURI()
	}
	c.Set(viewKey, v)
	return v
}

// say is the language that the request's answer is in.
func (s *server) say(c *gin.Context) *locale.Language { return s.view(c).Lang }

// settingsForm keeps how the person wants to see the pages, and goes back to where they were.
func (s *server) settingsForm(c *gin.Context) error {
	values, err := form(c, "theme", "language", "streaming", "keys", "to")
	if err != nil {
		return err
	}
	set := url.Values{}
	for name, known := range map[string]func(string) bool{
		"theme":     func(v string) bool { return v == themeAuto || v == themeLight || v == themeDark },
		"language":  func(v string) bool { return v == "" || s.pages.locale.Choose(v, "").Code == v },
		"streaming": yesOrNo, "keys": yesOrNo,
	} {
		v := values.Get(name)
		if values.Has(name) && !known(v) {
			return fault.New(fault.Invalid, "unknown-setting", "This page has no such setting. Open it again.").In(name)
		}
		if v != "" {
			set.Set(name, v)
		}
	}
	http.SetCookie(c.Writer, &http.Cookie{ //nolint:gosec // G124: plain HTTP on loopback would lose a Secure cookie
		Name: settingsCookie, Value: set.Encode(), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: c.Request.TLS != nil || c.GetHeader("X-Forwarded-Proto") == "https", MaxAge: settingsLife,
	})
	c.Redirect(http.StatusSeeOther, ownAddress(values.Get("to")))
	return nil
}

func yesOrNo(v string) bool { return v == "yes" || v == "no" }

// ownAddress is an address of this service, or the start page for one that could lead elsewhere.
func ownAddress(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.Contains(to, `\`) {
		return "/"
	}
	return to
}
