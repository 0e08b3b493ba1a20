// Package web is the HTTP edge: the JSON API, the pages, the streams and the problems. A handler binds, calls one room and renders.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/webfetch"
	"github.com/gapwise/gapwise/posting"
	"github.com/gapwise/gapwise/skill"
	"github.com/gapwise/gapwise/tutor"
)

// Rooms are what the edge leads to.
type Rooms struct {
	Catalog  *catalog.Catalog
	Accounts *account.Service
	Intake   *skill.Intake
	Gaps     *gapanalysis.Service
	Plans    *gapanalysis.Planner
	Jobs     *gapanalysis.JobBook
	Postings *posting.Importer
	Tutor    *tutor.Service
	Progress *tutor.Progress
	Mastery  *tutor.Mastery
	Gateway  *gateway.Gateway
	Embedder Embedder
	Pages    PageReader
	Running  *Running // what operators see; nil where there is nothing of the kind
	// Ready tells whether everything that a request may need answers.
	Ready func(context.Context) error
	Now   func() time.Time
	Log   *slog.Logger
}

// PageReader reads a public page.
type PageReader interface {
	Page(ctx context.Context, address string) (webfetch.Page, error)
}

// Embedder is what /v1/embeddings answers with.
type Embedder interface {
	Model() string
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}

// Bounds on requests.
const (
	maxJSONBody   = 1 << 20
	maxImportBody = 64 << 20
	readTimeout   = 60 * time.Second // of a whole request; 10 MB over a slow line
	writeTimeout  = 3 * time.Minute  // of a whole response; the longest is a stream
	headerTimeout = 10 * time.Second
	maxHeader     = 32 << 10
)

// server holds what handlers need.
type server struct {
	Rooms
	metrics *metrics
	keys    *keys
	pages   *pages
	uploads chan struct{} // holds one for each upload under way
	demand  *demandBook
}

// Handler is everything that the service answers.
func Handler(r Rooms) (http.Handler, error) {
	p, err := loadPages()
	if err != nil {
		return nil, err
	}
	s := &server{Rooms: r, metrics: newMetrics(), keys: newKeys(r.Now), pages: p, uploads: make(chan struct{}, maxUploads), demand: newDemandBook(r)}
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	e.MaxMultipartMemory = 1 << 20
	if err := e.SetTrustedProxies(nil); err != nil {
		return nil, err
	}
	e.Use(s.observe, s.headers, s.sameOrigin(http.NewCrossOriginProtection()))
	e.NoRoute(s.do(func(c *gin.Context) error {
		return fault.New(fault.NotFound, "unknown-path", "There is nothing at this path. /openapi.yaml lists what there is.")
	}))
	e.NoMethod(s.do(func(c *gin.Context) error {
		c.Status(http.StatusMethodNotAllowed)
		return errMethod
	}))
	s.routes(e)
	for _, r := range e.Routes() {
		if r.Method == http.MethodGet {
			e.HEAD(r.Path, r.HandlerFunc) // net/http leaves the body out
		}
	}
	return e, nil
}

// GatewayHandler is the part of Handler that has to do with models alone: the OpenAI-compatible interface, guests, usage and what watches over
// it. Of the rooms it needs Accounts, Gateway, Embedder, Ready, Now and Log.
func GatewayHandler(r Rooms) (http.Handler, error) {
	s := &server{Rooms: r, metrics: newMetrics(), keys: newKeys(r.Now)}
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	if err := e.SetTrustedProxies(nil); err != nil {
		return nil, err
	}
	e.Use(s.observe, s.headers, s.sameOrigin(http.NewCrossOriginProtection()))
	e.NoRoute(s.compatible(func(*gin.Context) error {
		return fault.New(fault.NotFound, "unknown-path", "There is nothing at this path. This process serves the gateway alone.")
	}))
	s.watchRoutes(e)
	e.POST("/api/v1/guests", s.do(s.newGuest))
	e.GET("/api/v1/usage", s.do(s.usage))
	s.gatewayRoutes(e)
	return e, nil
}

func (s *server) watchRoutes(e *gin.Engine) {
	e.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	e.GET("/readyz", s.do(s.ready))
	e.GET("/metrics", s.showMetrics)
}

func (s *server) gatewayRoutes(e *gin.Engine) {
	e.POST("/v1/chat/completions", s.compatible(s.chatCompletions))
	e.POST("/v1/embeddings", s.compatible(s.createEmbeddings))
	e.GET("/v1/models", s.compatible(s.listModels))
}

// HTTPServer wraps a handler with the bounds that keep slow and greedy peers from hurting others.
func HTTPServer(addr string, h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Addr: addr, Handler: h, ReadTimeout: readTimeout, ReadHeaderTimeout: headerTimeout, WriteTimeout: writeTimeout, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

func (s *server) routes(e *gin.Engine) {
	s.watchRoutes(e)
	e.GET("/openapi.yaml", s.openAPI)

	api := e.Group("/api/v1")
	api.GET("/roles", s.do(s.listRoles))
	api.GET("/roles/:role", s.do(s.getRole))
	api.GET("/roles/:role/related", s.do(s.relatedRoles))
	api.GET("/skills", s.do(s.searchSkills))
	api.GET("/skills/:skill", s.do(s.getSkill))

	api.POST("/guests", s.do(s.newGuest))
	api.POST("/resumes", s.do(s.uploadResume))
	api.GET("/resumes", s.do(s.listResumes))
	api.GET("/resumes/:id", s.do(s.getResume))
	api.DELETE("/resumes/:id", s.do(s.deleteResume))
	api.POST("/resumes/:id/reread", s.do(s.rereadResume))
	api.GET("/resumes/:id/text", s.do(s.getResumeText))
	api.GET("/resumes/:id/file", s.do(s.getResumeFile))
	api.GET("/resumes/:id/jsonresume", s.do(s.getJSONResume))
	api.PATCH("/resumes/:id/skills/:skill", s.do(s.correctSkill))
	api.GET("/resumes/:id/gaps/:role", s.do(s.getGaps))
	api.POST("/resumes/:id/compare", s.do(s.compareText))
	api.GET("/resumes/:id/roles", s.do(s.rankRoles))
	api.GET("/resumes/:id/jobs", s.do(s.matchJobs))
	api.PUT("/resumes/:id/jobs/:posting/saved", s.do(s.saveJob))
	api.POST("/resumes/:id/jobs/feed", s.do(s.subscribeJobs))
	api.DELETE("/resumes/:id/jobs/feed", s.do(s.unsubscribeJobs))
	e.GET("/feeds/:file", s.do(s.getJobFeed))
	api.GET("/saved-jobs", s.do(s.savedJobs))
	api.DELETE("/saved-jobs/:posting", s.do(s.unsaveJob))
	api.GET("/hidden-companies", s.do(s.hiddenCompanies))
	api.PUT("/hidden-companies", s.do(s.hideCompany))
	api.DELETE("/hidden-companies", s.do(s.showCompany))
	api.GET("/market", s.do(s.getMarket))
	api.GET("/resumes/:id/plan/:role", s.do(s.getPlan))
	api.POST("/resumes/:id/plan/:role/calendar", s.do(s.subscribePlan))
	api.DELETE("/resumes/:id/plan/:role/calendar", s.do(s.unsubscribePlan))
	e.GET("/calendars/:file", s.do(s.getCalendar))

	api.GET("/gap-runs/:id", s.do(s.getRun))
	api.GET("/gap-runs/:id/diff/:other", s.do(s.diffRuns))
	api.PUT("/progress/:role/milestones/:milestone", s.do(s.putProgress))
	api.GET("/progress/:role", s.do(s.getProgress))
	api.PUT("/progress/:role/catalog", s.do(s.acceptCatalog))
	api.POST("/postings", s.do(s.importPostings))
	api.GET("/tutor/conversations", s.do(s.listConversations))
	api.POST("/tutor/conversations", s.do(s.startConversation))
	api.DELETE("/tutor/conversations/:id", s.do(s.deleteConversation))
	api.GET("/tutor/conversations/:id/messages", s.do(s.listMessages))
	api.POST("/tutor/conversations/:id/messages", s.do(s.sendMessage))
	api.POST("/tutor/conversations/:id/retry", s.do(s.retryMessage))
	api.GET("/tutor/conversations/:id/messages/:message/events", s.do(s.resumeMessage))
	api.DELETE("/tutor/conversations/:id/messages/:message", s.do(s.stopMessage))
	api.GET("/usage", s.do(s.usage))
	s.masteryRoutes(api)
	api.GET("/me/export", s.do(s.exportMe))
	api.DELETE("/me", s.do(s.eraseMe))

	s.gatewayRoutes(e)

	s.pageRoutes(e)
}

// do turns a handler that returns an error into gin's kind, with one place for every error.
func (s *server) do(h func(*gin.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := h(c); err != nil {
			s.fail(c, err)
		}
	}
}

func (s *server) ready(c *gin.Context) error {
	ctx, cancel := context.WithTimeout(c.Request.Context(), 2*time.Second)
	defer cancel()
	if err := s.Ready(ctx); err != nil {
		return err
	}
	c.String(http.StatusOK, "ready\n")
	return nil
}
