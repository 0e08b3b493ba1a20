package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/tutor"
)

// startConversation opens a conversation; who has no session gets one, as this is a first write.
func (s *server) startConversation(c *gin.Context) error {
	var body tutor.StartRequest
	if err := decode(c, &body); err != nil {
		return err
	}
	p, err := s.callerOrGuest(c)
	if err != nil {
		return err
	}
	conversation, err := s.Tutor.Start(c.Request.Context(), p.ID, body)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, conversation)
	return nil
}

func (s *server) listMessages(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	conversation, messages, err := s.Tutor.Transcript(c.Request.Context(), person, id)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"conversation": conversation, "messages": messages})
	return nil
}

// sendMessage answers as a stream of events, or as one JSON object where Accept asks for JSON.
func (s *server) sendMessage(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	var body struct {
		Content string `json:"content"`
	}
	if err := decode(c, &body); err != nil {
		return err
	}
	if strings.Contains(c.GetHeader("Accept"), "application/json") {
		answer, err := s.Tutor.Say(c.Request.Context(), person, id, body.Content, nil)
		if err != nil {
			return err
		}
		c.JSON(http.StatusOK, answer)
		return nil
	}
	stream := &eventStream{c: c}
	answer, err := s.Tutor.Say(c.Request.Context(), person, id, body.Content, func(e tutor.Event) error {
		return stream.send(string(e.Kind), e.Payload())
	})
	if err != nil {
		return stream.fail(err)
	}
	return stream.send("done", gin.H{"message_id": answer.MessageID, "engine": answer.Engine, "truncated": answer.Truncated})
}

// eventStream writes server-sent events. Nothing is written before the first event, so that an error until then is still a status.
type eventStream struct {
	c     *gin.Context
	begun bool
}

func (e *eventStream) send(event string, data any) error {
	b, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("write event: %w", err)
	}
	if !e.begun {
		e.begun = true
		h := e.c.Writer.Header()
		h.Set("Content-Type", "text/event-stream")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Accel-Buffering", "no") // a proxy that collects the stream would undo it
		e.c.Writer.WriteHeader(http.StatusOK)
	}
	if _, err := fmt.Fprintf(e.c.Writer, "event: %s\ndata: %s\n\n", event, b); err != nil {
		return err
	}
	e.c.Writer.Flush()
	return e.c.Request.Context().Err()
}

// fail sends an error as an event once the stream has begun; before, it is the caller's to answer.
func (e *eventStream) fail(err error) error {
	if e.begun {
		p := problemOf(err, requestID(e.c))
		_ = e.send("error", p) // the peer may have gone; the error itself is returned for the log
	}
	return err
}

func (s *server) putProgress(c *gin.Context) error {
	var body struct {
		Status      tutor.MilestoneStatus `json:"status"`
		EvidenceURL string                `json:"evidence_url"`
		Note        string                `json:"note"`
	}
	if err := decode(c, &body); err != nil {
		return err
	}
	p, err := s.callerOrGuest(c)
	if err != nil {
		return err
	}
	progress, err := s.Progress.Record(c.Request.Context(), p.ID, tutor.MilestoneProgress{
		Role: c.Param("role"), Milestone: c.Param("milestone"), Status: body.Status, EvidenceURL: body.EvidenceURL, Note: body.Note,
	})
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, progress)
	return nil
}

// usage tells how the budgets that the caller falls under stand.
func (s *server) usage(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	budgets, err := s.Gateway.Budgets(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"budgets": budgets, "model": s.Gateway.Model()})
	return nil
}
