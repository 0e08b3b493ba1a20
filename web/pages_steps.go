package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

// wantsStream tells whether the page's script takes the answer piece by piece, and the person has not set otherwise.
func (s *server) wantsStream(c *gin.Context) bool {
	return strings.Contains(c.GetHeader("Accept"), "text/event-stream") && s.view(c).Streaming
}

// partStream writes blocks of a page as server-sent events. The script puts what has no event's name where the form or link says (hx-target),
// and gives what has one to the page as an event of that name. Nothing is written before the first send, so that an error until then is
// still a status.
type partStream struct {
	c     *gin.Context
	set   *template.Template
	begun bool
	id    int // of the event that is sent next, from which a dropped connection goes on; 0 for none
}

// streamParts begins a stream of blocks of a page's template.
func (s *server) streamParts(c *gin.Context, page string) (*partStream, error) {
	set := s.pages.sets[setName(s.say(c).Code, page)]
	if set == nil {
		return nil, fmt.Errorf("stream: there is no page %s", page)
	}
	return &partStream{c: c, set: set}, nil
}

// send writes one block. Its error is that of the template, or that nobody reads any more.
func (p *partStream) send(event, block string, data any) error {
	var b bytes.Buffer
	if err := p.set.ExecuteTemplate(&b, block, data); err != nil {
		return fmt.Errorf("stream %s: %w", block, err)
	}
	return p.write(event, b.String())
}

// data sends an event to the page's script.
func (p *partStream) data(event string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("stream %s: %w", event, err)
	}
	return p.write(event, string(b))
}

func (p *partStream) write(event, data string) error {
	if !p.begun {
		p.begun = true
		h := p.c.Writer.Header()
		h.Set("Content-Type", "text/event-stream")
		h.Set("X-Accel-Buffering", "no") // a proxy that collects the stream would undo it
		p.c.Writer.WriteHeader(http.StatusOK)
	}
	var out strings.Builder
	if event != "" {
		fmt.Fprintf(&out, "event: %s\n", event)
	}
	if p.id > 0 {
		fmt.Fprintf(&out, "id: %d\n", p.id)
	}
	for line := range strings.SplitSeq(strings.ReplaceAll(data, "\r", ""), "\n") {
		fmt.Fprintf(&out, "data: %s\n", line)
	}
	out.WriteString("\n")
	if _, err := p.c.Writer.WriteString(out.String()); err != nil {
		return err
	}
	p.c.Writer.Flush()
	return p.c.Request.Context().Err()
}
