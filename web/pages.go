package web

import (
	"github.com/gin-gonic/gin"
)

// pages are the server-rendered pages.
type pages struct{}

func loadPages() (*pages, error) { return &pages{}, nil }

func (s *server) pageRoutes(*gin.Engine) {}

func (s *server) problemPage(c *gin.Context, p Problem) { writeProblem(c.Writer, p) }

func (s *server) openAPI(c *gin.Context) { c.Data(200, "application/yaml", nil) }
