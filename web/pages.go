package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/internal/fault"
)

//go:embed templates/*.tmpl
var templateFiles embed.FS

//go:embed assets/style.css assets/icon.svg openapi.yaml
var assetFiles embed.FS

// pages are the templates of the pages, one set for each, and the files that pages refer to.
type pages struct {
	sets   map[string]*template.Template
	assets map[string]asset // by name
}

// asset is a file that is the same for everybody.
type asset struct {
	data      []byte
	mediaType string
	version   string // of its content, so that browsers may keep it for ever
}

// sharedTemplates are part of every page's set.
var sharedTemplates = []string{"templates/layout.tmpl", "templates/parts.tmpl"}

// loadPages parses everything once. An error is a mistake in a template, so it ends the start.
func loadPages() (*pages, error) {
	p := &pages{sets: map[string]*template.Template{}, assets: map[string]asset{}}
	for _, name := range []string{"assets/style.css", "assets/icon.svg", "openapi.yaml"} {
		data, err := assetFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("load pages: %w", err)
		}
		sum := sha256.Sum256(data)
		p.assets[path.Base(name)] = asset{data: data, mediaType: mime.TypeByExtension(path.Ext(name)), version: hex.EncodeToString(sum[:6])}
	}
	shared, err := template.New("").Funcs(pageFuncs).Funcs(template.FuncMap{"asset": p.address}).ParseFS(templateFiles, sharedTemplates...)
	if err != nil {
		return nil, fmt.Errorf("load pages: %w", err)
	}
	files, err := fs.Glob(templateFiles, "templates/page_*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("load pages: %w", err)
	}
	for _, file := range files {
		set, err := shared.Clone()
		if err == nil {
			set, err = set.ParseFS(templateFiles, file)
		}
		if err != nil {
			return nil, fmt.Errorf("load pages: %w", err)
		}
		p.sets[strings.TrimSuffix(strings.TrimPrefix(path.Base(file), "page_"), ".tmpl")] = set
	}
	return p, nil
}

// address is where an asset is, with its version.
func (p *pages) address(name string) string {
	return "/assets/" + name + "?v=" + p.assets[name].version
}

// frame is what every page has around its own content.
type frame struct {
	Section string   // which entry of the navigation this is
	Problem *Problem // what went wrong with the form that was sent, shown above everything
	Notice  string   // what was done
	Page    any      // the page's own content
}

// render writes a page, or nothing: a template that fails is an error that can still be answered.
func (s *server) render(c *gin.Context, status int, name string, f frame) error {
	set := s.pages.sets[name]
	if set == nil {
		return fmt.Errorf("render: there is no page %s", name)
	}
	var b bytes.Buffer
	if err := set.ExecuteTemplate(&b, "layout", f); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	c.Data(status, "text/html; charset=utf-8", b.Bytes())
	return nil
}

// formProblem is an error as the page of the form shows it, and the status of that page. An error that is not about what was sent, such
// as somebody else's id, is not the form's to show: then ok is false.
func (s *server) formProblem(c *gin.Context, err error) (p *Problem, ok bool) {
	switch fault.KindOf(err) {
	case fault.Unauthenticated, fault.Forbidden, fault.NotFound, fault.Internal:
		return nil, false
	case fault.Invalid, fault.Unprocessable, fault.TooLarge, fault.Unsupported, fault.Conflict, fault.BudgetExceeded, fault.RateLimited,
		fault.Unavailable, fault.Timeout, fault.Usage:
	}
	_ = c.Error(err) // for the log line of the request
	found := problemOf(err, requestID(c))
	problemHeaders(c.Writer, found)
	return &found, true
}

// problemView is a problem with what to do about it.
type problemView struct {
	Problem
	Advice []advice
}

// advice is one way on, as a sentence that is a link where Link is not "".
type advice struct {
	Text string
	Link string
}

// problemPage is a problem for a person with a browser.
func (s *server) problemPage(c *gin.Context, p Problem) {
	problemHeaders(c.Writer, p)
	if err := s.render(c, p.Status, "problem", frame{Page: problemView{p, adviceOn(p)}}); err != nil {
		_ = c.Error(err)
		writeProblem(c.Writer, p)
	}
}

func adviceOn(p Problem) []advice {
	switch {
	case p.Status == http.StatusUnauthorized:
		return []advice{
			{"Upload a resume. That starts a session for you, without an account or a password.", "/#upload"},
			{"Look at the career paths, which need no session.", "/career-paths"},
		}
	case p.Status == http.StatusNotFound:
		return []advice{
			{"Check the address. What was deleted is gone, and what belongs to somebody else is not shown.", ""},
			{"Go to the start page, which lists your resumes.", "/"},
			{"See the career paths.", "/career-paths"},
		}
	case p.Status == http.StatusPaymentRequired:
		return []advice{{"See how the budgets stand.", "/usage"}}
	case p.Status == http.StatusForbidden:
		return []advice{{"Open the page here and send it from here.", "/"}}
	case p.Status >= http.StatusInternalServerError || p.Status == http.StatusTooManyRequests:
		return []advice{
			{"Wait a moment and try again.", ""},
			{"If it stays, tell whoever runs this service the request id below.", ""},
		}
	}
	return []advice{{"Go back, change what you sent and try again.", ""}, {"Go to the start page.", "/"}}
}

// openAPI serves the description of the API.
func (s *server) openAPI(c *gin.Context) {
	c.Header("Cache-Control", "no-cache")
	c.Data(http.StatusOK, "application/yaml; charset=utf-8", s.pages.assets["openapi.yaml"].data)
}

// showAsset serves what pages refer to. With the version in its address it may be kept for ever.
func (s *server) showAsset(c *gin.Context) error {
	a, ok := s.pages.assets[c.Param("name")]
	if !ok || c.Param("name") == "openapi.yaml" {
		return fault.New(fault.NotFound, "unknown-path", "There is nothing at this path.")
	}
	if c.Query("v") == a.version {
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		c.Header("Cache-Control", "no-cache")
	}
	c.Data(http.StatusOK, a.mediaType, a.data)
	return nil
}

// pageRoutes are the pages and what their forms are sent to.
func (s *server) pageRoutes(e *gin.Engine) {
	e.GET("/assets/:name", s.do(s.showAsset))
	e.GET("/", s.do(s.homePage))
	e.GET("/career-paths", s.do(s.rolesPage))
	e.GET("/career-paths/:role", s.do(s.rolePage))
	e.GET("/skills/:skill", s.do(s.skillPage))

	e.POST("/resumes", s.do(s.uploadForm))
	e.GET("/resumes/:id", s.do(s.resumePage))
	e.POST("/resumes/:id/reread", s.do(s.rereadForm))
	e.POST("/resumes/:id/delete", s.do(s.deleteForm))
	e.POST("/resumes/:id/skills/:skill", s.do(s.correctForm))
	e.GET("/resumes/:id/text", s.do(s.textPage))
	e.GET("/resumes/:id/gaps", s.do(s.chooseRole))
	e.GET("/resumes/:id/gaps/:role", s.do(s.gapsPage))
	e.GET("/resumes/:id/gaps/:role/changes", s.do(s.changesPage))
	e.GET("/gap-runs/:id", s.do(s.runPage))
	e.GET("/resumes/:id/jobs", s.do(s.jobsPage))
	e.POST("/resumes/:id/jobs", s.do(s.jobsForm))
	e.GET("/market", s.do(s.marketPage))

	e.POST("/chat", s.do(s.startChatForm))
	e.GET("/chat/:id", s.do(s.chatPage))
	e.POST("/chat/:id", s.do(s.sayForm))

	e.GET("/usage", s.do(s.usagePage))
	e.GET("/me/delete", s.do(s.eraseMePage))
	e.POST("/me/delete", s.do(s.eraseMeForm))
}
