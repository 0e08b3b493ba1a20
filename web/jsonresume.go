package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// getJSONResume gives a stored resume of the caller in the schema of JSON Resume, to be taken elsewhere.
func (s *server) getJSONResume(c *gin.Context) error {
	u, err := s.resume(c)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "private, no-store")
	c.JSON(http.StatusOK, u.Document.JSONResume(u.Profile.Entries()))
	return nil
}
