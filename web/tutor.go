package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
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

// listConversations lists the caller's conversations, the one that was talked in last first.
func (s *server) listConversations(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	list, err := s.Tutor.Conversations(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"conversations": list})
	return nil
}

// deleteConversation deletes a conversation with all that was said in it.
func (s *server) deleteConversation(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	if err := s.Tutor.Delete(c.Request.Context(), person, id); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
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
	return answer(c, func(emit func(tutor.Event) error) (*tutor.Answer, error) {
		return s.Tutor.Say(c.Request.Context(), person, id, body.Content, emit)
	})
}

// retryMessage answers the last message anew.
func (s *server) retryMessage(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	return answer(c, func(emit func(tutor.Event) error) (*tutor.Answer, error) {
		return s.Tutor.Retry(c.Request.Context(), person, id, emit)
	})
}

// answer is a stream of events, or one JSON object where Accept asks for JSON.
func answer(c *gin.Context, say func(emit func(tutor.Event) error) (*tutor.Answer, error)) error {
	if strings.Contains(c.GetHeader("Accept"), "application/json") {
		whole, err := say(nil)
		if err != nil {
			return err
		}
		c.JSON(http.StatusOK, whole)
		return nil
	}
	stream := &eventStream{c: c}
	_, err := say(stream.event)
	return stream.fail(err)
}

// resumeMessage goes on with the events of an answer after the last one that the caller has: a dropped connection comes back.
func (s *server) resumeMessage(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	message, err := messageID(c)
	if err != nil {
		return err
	}
	after := 0
	if last := c.GetHeader("Last-Event-ID"); last != "" {
		if after, err = strconv.Atoi(last); err != nil || after < 0 {
			return fault.New(fault.Invalid, "invalid-event-id", "Last-Event-ID is the id of an event of this answer, a number.").In("Last-Event-ID")
		}
	}
	stream := &eventStream{c: c}
	_, err = s.Tutor.Follow(c.Request.Context(), person, id, message, after, stream.event)
	if err == nil && !stream.begun { // the caller has all of it
		c.Status(http.StatusNoContent)
		return nil
	}
	return stream.fail(err)
}

// stopMessage ends an answer that is under way. What was said until then is kept.
func (s *server) stopMessage(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	message, err := messageID(c)
	if err != nil {
		return err
	}
	if err := s.Tutor.Stop(c.Request.Context(), person, id, message); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func messageID(c *gin.Context) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Param("message"))
	if err != nil {
		return id, fault.New(fault.NotFound, "unknown-stream", "There is no answer with this id.").In("message")
	}
	return id, nil
}

// eventStream writes server-sent events. Nothing is written before the first event, so that an error until then is still a status.
type eventStream struct {
	c     *gin.Context
	begun bool
}

// event sends an event of the tutor's.
func (e *eventStream) event(event tutor.Event) error {
	return e.numbered(event.ID, string(event.Kind), event.Payload())
}

func (e *eventStream) send(event string, data any) error { return e.numbered(0, event, data) }

// numbered sends an event with an id, from which a dropped connection can go on; 0 for none.
func (e *eventStream) numbered(id int, event string, data any) error {
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
	number := ""
	if id > 0 {
		number = fmt.Sprintf("id: %d\n", id)
	}
	if _, err := fmt.Fprintf(e.c.Writer, "event: %s\n%sdata: %s\n\n", event, number, b); err != nil {
		return err
	}
	e.c.Writer.Flush()
	return e.c.Request.Context().Err()
}

// fail sends an error as an event once the stream has begun; before, it is the caller's to answer.
func (e *eventStream) fail(err error) error {
	if err != nil && e.begun {
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
