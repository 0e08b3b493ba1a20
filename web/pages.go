package web

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/web/locale"
)

//go:embed templates/*.tmpl
var templateFiles embed.FS

// pages are the templates of the pages, one set for each page and language, and the files that pages refer to.
type pages struct {
	*assets
	locale *locale.Catalog
	sets   map[string]*template.Template // by language and page, as setName writes it
}

func setName(language, page string) string { return language + "/" + page }

// loadPages parses everything once. An error is a mistake in a template, so it ends the start.
func loadPages() (*pages, error) {
	words, err := locale.Load()
	if err != nil {
		return nil, fmt.Errorf("load pages: %w", err)
	}
	files, err := loadAssets()
	if err != nil {
		return nil, fmt.Errorf("load pages: %w", err)
	}
	p := &pages{assets: files, locale: words, sets: map[string]*template.Template{}}
	all, err := fs.Glob(templateFiles, "templates/*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("load pages: %w", err)
	}
	own := func(file string) bool { return strings.HasPrefix(path.Base(file), "page_") }
	shared := slices.DeleteFunc(slices.Clone(all), own)
	for _, l := range words.Languages() {
		// What is shared is parsed once for each language, as functions such as t are bound to one.
		parts, err := template.New("").Funcs(pageFuncs).Funcs(drawFuncs()).Funcs(wordFuncs(l)).Funcs(template.FuncMap{"asset": files.address}).ParseFS(templateFiles, shared...)
		if err != nil {
			return nil, fmt.Errorf("load pages: %w", err)
		}
		for _, file := range all {
			if !own(file) {
				continue
			}
			set, err := parts.Clone()
			if err == nil {
				set, err = set.ParseFS(templateFiles, file)
			}
			if err != nil {
				return nil, fmt.Errorf("load pages: %w", err)
			}
			p.sets[setName(l.Code, strings.TrimSuffix(strings.TrimPrefix(path.Base(file), "page_"), ".tmpl"))] = set
		}
	}
	return p, nil
}

// frame is what every page has around its own content.
type frame struct {
	Section string   // which entry of the navigation this is
	Problem *Problem // what went wrong with the form that was sent, shown above everything
	Notice  string   // what was done
	Page    any      // the page's own content
	Part    string   // name of the block that answers htmx alone; "" where a page has none
	Scripts []string // assets that this page needs beside those of every page
	view             // what render knows of the request
}

// render writes a page, or the part of it that htmx asked for, or nothing: a template that fails is an error that can still be answered.
func (s *server) render(c *gin.Context, status int, name string, f frame) error {
	f.view = s.view(c)
	set := s.pages.sets[setName(f.Lang.Code, name)]
	if set == nil {
		return fmt.Errorf("render: there is no page %s", name)
	}
	f.Scripts = slices.DeleteFunc(f.Scripts, func(name string) bool { return !s.pages.has(name) }) // a build without Node has none of npm
	block := "layout"
	if f.Part != "" && wantsPart(c) {
		block = f.Part
	}
	b, release := s.pages.body()
	defer release()
	if err := set.ExecuteTemplate(b, block, f); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	c.Writer.Header().Add("Vary", "HX-Request")
	s.pages.compressed(c, status, "text/html; charset=utf-8", b.Bytes())
	return nil
}

// wantsPart tells whether htmx asks for what it puts into a page that is there already.
func wantsPart(c *gin.Context) bool {
	return c.GetHeader("HX-Request") == "true" && c.GetHeader("HX-Boosted") != "true" && c.GetHeader("HX-Request-Type") != "full"
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

// advice is one way on, as the key of a sentence that is a link where Link is not "".
type advice struct {
	Key  string
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

// Known is the problem itself, for who speaks of it.
func (v problemView) Known() *Problem { return &v.Problem }

// Heading is the key of what the page says above all.
func (v problemView) Heading() string {
	switch {
	case v.Status == http.StatusNotFound:
		return "problem-page.not-found"
	case v.Status == http.StatusUnauthorized:
		return "problem-page.no-session"
	case v.Status >= http.StatusInternalServerError:
		return "problem-page.our-fault"
	}
	return "problem-page.not-taken"
}

func adviceOn(p Problem) []advice {
	switch {
	case p.Status == http.StatusUnauthorized:
		return []advice{{"advice.upload", "/#upload"}, {"advice.no-session-needed", "/career-paths"}}
	case p.Status == http.StatusNotFound:
		return []advice{{"advice.check-address", ""}, {"advice.start-page", "/"}, {"advice.career-paths", "/career-paths"}}
	case p.Status == http.StatusPaymentRequired:
		return []advice{{"advice.budgets", "/usage"}}
	case p.Status == http.StatusForbidden:
		return []advice{{"advice.from-here", "/"}}
	case p.Status >= http.StatusInternalServerError || p.Status == http.StatusTooManyRequests:
		return []advice{{"advice.wait", ""}, {"advice.tell", ""}}
	}
	return []advice{{"advice.go-back", ""}, {"advice.start", "/"}}
}

// pageRoutes are the pages and what their forms are sent to.
func (s *server) pageRoutes(e *gin.Engine) {
	e.GET("/assets/*name", s.do(s.showAsset))
	e.POST("/settings", s.do(s.settingsForm))
	e.POST(reportPath, s.do(s.takeReports))
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
	e.POST("/resumes/:id/compare", s.do(s.compareForm))
	e.GET("/resumes/:id/gaps", s.do(s.chooseRole))
	e.GET("/resumes/:id/gaps/:role", s.do(s.gapsPage))
	e.POST("/resumes/:id/gaps/:role/skills/:skill", s.do(s.sayOnGap))
	e.GET("/resumes/:id/gaps/:role/changes", s.do(s.changesPage))
	e.GET("/gap-runs/:id", s.do(s.runPage))
	e.GET("/resumes/:id/plan/:role", s.do(s.planPage))
	e.POST("/resumes/:id/plan/:role/milestones/:milestone", s.do(s.milestoneForm))
	e.POST("/resumes/:id/plan/:role/order", s.do(s.orderForm))
	e.POST("/resumes/:id/plan/:role/calendar", s.do(s.calendarForm))
	e.POST("/resumes/:id/plan/:role/calendar/end", s.do(s.endCalendarForm))
	e.POST("/resumes/:id/plan/:role/catalog", s.do(s.upgradeForm))
	e.GET("/resumes/:id/jobs", s.do(s.jobsPage))
	e.POST("/resumes/:id/jobs", s.do(s.jobsForm))
	e.GET("/market", s.do(s.marketPage))

	s.chatRoutes(e)
	s.memoryRoutes(e)

	e.GET("/operator", s.do(s.operatorPage))
	e.POST("/operator", s.do(s.operatorForm))
	e.GET("/me", s.do(s.mePage))
	e.GET("/usage", s.do(s.usagePage))
	e.GET("/me/delete", s.do(s.eraseMePage))
	e.POST("/me/delete", s.do(s.eraseMeForm))
}
