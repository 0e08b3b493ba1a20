package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/account"
	"github.com/gapwise/gapwise/internal/fault"
)

// sessionCookie holds a guest's secret.
const sessionCookie = "gapwise_session"

var errNoCaller = fault.New(fault.Unauthenticated, "no-session",
	"This needs to know who you are. Upload a resume first, which starts a session, or send a token of POST /api/v1/guests as Authorization: Bearer.")

// caller finds who asks: a bearer token, or the session's cookie. Nobody is fault.Unauthenticated.
func (s *server) caller(c *gin.Context) (account.Person, error) {
	if header := c.GetHeader("Authorization"); header != "" {
		secret, ok := strings.CutPrefix(header, "Bearer ")
		if !ok {
			return account.Person{}, fault.New(fault.Unauthenticated, "unknown-scheme", "Send the token as Authorization: Bearer TOKEN.")
		}
		return s.Accounts.Authenticate(c.Request.Context(), secret)
	}
	cookie, err := c.Cookie(sessionCookie)
	if err != nil {
		return account.Person{}, errNoCaller
	}
	return s.Accounts.Authenticate(c.Request.Context(), cookie)
}

// callerOrGuest finds who asks, or makes a guest with a session. A bearer token that is not known stays an error.
func (s *server) callerOrGuest(c *gin.Context) (account.Person, error) {
	p, err := s.caller(c)
	if err == nil || fault.KindOf(err) != fault.Unauthenticated || c.GetHeader("Authorization") != "" {
		return p, err
	}
	p, secret, err := s.Accounts.Admit(c.Request.Context(), account.Guest, "", account.Session)
	if err != nil {
		return p, err
	}
	keepSession(c, secret)
	return p, nil
}

// keepSession puts a secret into the session's cookie.
func keepSession(c *gin.Context, secret string) {
	http.SetCookie(c.Writer, &http.Cookie{ //nolint:gosec // G124: plain HTTP on loopback would lose a Secure cookie
		Name: sessionCookie, Value: secret, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: c.Request.TLS != nil || c.GetHeader("X-Forwarded-Proto") == "https", MaxAge: int(account.TokenLife / time.Second),
	})
}

// newGuest gives a bearer token to who keeps no cookies.
func (s *server) newGuest(c *gin.Context) error {
	p, secret, err := s.Accounts.Admit(c.Request.Context(), account.Guest, "", account.Bearer)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.JSON(http.StatusCreated, gin.H{"id": p.ID, "token": secret, "expires_in": int(account.TokenLife / time.Second)})
	return nil
}

// exportMe gives everything of the caller.
func (s *server) exportMe(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	doc, err := s.Accounts.Export(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="gapwise-export.json"`)
	c.Data(http.StatusOK, "application/json; charset=utf-8", doc)
	return nil
}

// eraseMe leaves nothing of the caller.
func (s *server) eraseMe(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	if err := s.Accounts.Erase(c.Request.Context(), p.ID); err != nil {
		return err
	}
	s.keys.forget(p.ID)
	endSession(c)
	c.Status(http.StatusNoContent)
	return nil
}

// endSession takes the session's cookie away.
func endSession(c *gin.Context) {
	http.SetCookie(c.Writer, &http.Cookie{ //nolint:gosec // G124: it only takes the cookie away
		Name: sessionCookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: -1,
	})
}

// id reads the UUID of the path. What is no UUID is nobody's, so it is the same 404.
func id(c *gin.Context) (uuid.UUID, error) {
	v, err := uuid.Parse(c.Param("id"))
	if err != nil {
		return v, fault.New(fault.NotFound, "unknown-id", "There is nothing of yours with this id.").In("id")
	}
	return v, nil
}

// callerAnd finds the caller and reads the id of the path.
func (s *server) callerAnd(c *gin.Context) (person, other uuid.UUID, err error) {
	p, err := s.caller(c)
	if err != nil {
		return person, other, err
	}
	other, err = id(c)
	return p.ID, other, err
}
