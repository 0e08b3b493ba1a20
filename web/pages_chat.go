package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/tutor"
)

func (s *server) chatRoutes(e *gin.Engine) {
	e.GET("/chat", s.do(s.chatsPage))
	e.POST("/chat", s.do(s.startChatForm))
	e.GET("/chat/:id", s.do(s.chatPage))
	e.POST("/chat/:id", s.do(s.sayForm))
	e.POST("/chat/:id/retry", s.do(s.retryForm))
	e.POST("/chat/:id/delete", s.do(s.deleteChatForm))
	e.GET("/chat/:id/answers/:message", s.do(s.answerParts))
	e.POST("/chat/:id/answers/:message/stop", s.do(s.stopForm))
}

// startChatForm opens a conversation and shows it; who has no session gets one, as in the API.
func (s *server) startChatForm(c *gin.Context) error {
	values, err := form(c, "role", "about", "phase", "milestone", "skill", "resume_id", "mode")
	if err != nil {
		return err
	}
	r, err := startRequest(values)
	if err != nil {
		return err
	}
	p, err := s.callerOrGuest(c)
	if err != nil {
		return err
	}
	conversation, err := s.Tutor.Start(c.Request.Context(), p.ID, r)
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, chatAddress(conversation.ID))
	return nil
}

// startRequest reads a form. What a conversation is about comes as one choice, such as "milestone:ID", or in a field of its own.
func startRequest(values url.Values) (tutor.StartRequest, error) {
	r := tutor.StartRequest{
		Role: values.Get("role"), Phase: values.Get("phase"), Milestone: values.Get("milestone"), Skill: values.Get("skill"), Mode: tutor.Mode(values.Get("mode")),
	}
	kind, name, _ := strings.Cut(values.Get("about"), ":")
	switch kind {
	case "":
	case "phase":
		r.Phase = name
	case "milestone":
		r.Milestone = name
	case "skill":
		r.Skill = name
	default:
		return r, fault.New(fault.Invalid, "unknown-subject", "A conversation is about a phase, a milestone or a skill.").In("about")
	}
	if raw := values.Get("resume_id"); raw != "" {
		id, err := uuid.Parse(raw)
		if err != nil {
			return r, fault.New(fault.NotFound, "unknown-id", "There is nothing of yours with this id.").In("resume_id")
		}
		r.ResumeID = &id
	}
	return r, nil
}

func chatAddress(id uuid.UUID) string { return "/chat/" + id.String() }

// chatPage shows a conversation. With ?used=ID of an answer it shows what that one was made from, and with ?answer=ID one that is under way.
func (s *server) chatPage(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	f := frame{}
	if c.Query("used") != "" {
		f.Part = "chat-used"
	}
	return s.showChat(c, http.StatusOK, f, person, id, "")
}

func (s *server) showChat(c *gin.Context, status int, f frame, person, id uuid.UUID, content string) error {
	v, err := s.chatView(c, person, id)
	if err != nil {
		return err
	}
	v.Content, v.Problem, v.Streams = content, f.Problem, s.view(c).Streaming && s.pages.has("hx-sse.min.js")
	if err := s.chatAround(c, person, v); err != nil {
		return err
	}
	f.Section, f.Page, f.Scripts = "tutor", v, []string{"hx-sse.min.js"}
	return s.render(c, status, "chat", f)
}

// sayForm sends a message and shows the answer; a problem shows the conversation again, with the message in its field.
func (s *server) sayForm(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	values, err := form(c, "content")
	content := values.Get("content")
	if err == nil {
		err = s.reply(c, id, strings.TrimSpace(content), func(emit func(tutor.Event) error) (*tutor.Answer, error) {
			return s.Tutor.Say(c.Request.Context(), person, id, content, emit)
		})
	}
	return s.notTaken(c, err, person, id, content)
}

// retryForm answers the last message anew.
func (s *server) retryForm(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	err = s.reply(c, id, "", func(emit func(tutor.Event) error) (*tutor.Answer, error) {
		return s.Tutor.Retry(c.Request.Context(), person, id, emit)
	})
	return s.notTaken(c, err, person, id, "")
}

// notTaken shows the conversation with what went wrong, where that is about the message: in the field alone where htmx asks.
func (s *server) notTaken(c *gin.Context, err error, person, id uuid.UUID, content string) error {
	if err == nil {
		return nil
	}
	p, ok := s.formProblem(c, err)
	if !ok {
		return err
	}
	p.Field = "content" // the only one that there is
	f := frame{Problem: p}
	if wantsPart(c) {
		c.Header("HX-Retarget", "#say-field")
		c.Header("HX-Reswap", "outerHTML")
		f.Part = "chat-refused"
	}
	return s.showChat(c, p.Status, f, person, id, content)
}

// reply answers by the next page, or, where the page takes it piece by piece, begins to: what comes back then has the place where the answer
// appears, and reads it from answerParts, which can be read on after a dropped connection.
func (s *server) reply(c *gin.Context, id uuid.UUID, content string, say func(emit func(tutor.Event) error) (*tutor.Answer, error)) error {
	if !wantsPart(c) || !s.view(c).Streaming {
		a, err := say(nil)
		if err != nil {
			return err
		}
		c.Redirect(http.StatusSeeOther, chatAddress(id)+"#"+messageAnchor(a.MessageID))
		return nil
	}
	message, err := begun(say)
	if err != nil {
		return err
	}
	c.Header("HX-Replace-Url", chatAddress(id)+"?answer="+message.String())
	return s.render(c, http.StatusOK, "chat", frame{Part: "chat-begun", Page: newLive(id, message, content)})
}

// errReadElsewhere ends the reading of an answer, which goes on.
var errReadElsewhere = errors.New("it is read by another request")

// begun waits until an answer has its id.
func begun(say func(emit func(tutor.Event) error) (*tutor.Answer, error)) (message uuid.UUID, err error) {
	a, err := say(func(e tutor.Event) error {
		if e.Kind != tutor.EventContext {
			return nil
		}
		message = e.Context.MessageID
		return errReadElsewhere
	})
	switch {
	case errors.Is(err, errReadElsewhere):
		return message, nil
	case err == nil:
		return a.MessageID, nil
	}
	return message, err
}

// answerParts sends an answer as blocks of the page, sentence by sentence, and at the end the place with all that belongs to it. It begins after
// the event that the page has; what was said until then is in the next block anyway.
func (s *server) answerParts(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	message, err := messageID(c)
	if err != nil {
		return err
	}
	to, err := s.streamParts(c, "chat")
	if err != nil {
		return err
	}
	after, _ := strconv.Atoi(c.GetHeader("Last-Event-ID")) // what is no number has seen nothing
	w := &partWriter{to: to, after: after, live: newLive(id, message, "")}
	_, err = s.Tutor.Follow(c.Request.Context(), person, id, message, 0, w.event)
	if gone := c.Request.Context().Err(); gone != nil {
		return gone
	}
	return s.settle(c, w, person, id, err)
}

// settle puts what is kept in the place of what was streamed. Why an answer has none is said there.
func (s *server) settle(c *gin.Context, w *partWriter, person, id uuid.UUID, err error) error {
	v, problem := s.chatView(c, person, id)
	if problem != nil {
		return problem
	}
	if err != nil && fault.KindOf(err) != fault.NotFound { // events that are not kept any more are no problem: the answer is in the conversation
		_ = c.Error(err) // for the log line of the request
		p := problemOf(err, requestID(c))
		v.Broke = &p
	}
	v.Streams = true
	v.settling(w.live.Message)
	if err := w.say("", true); err != nil {
		return err
	}
	return w.to.send("", "chat-settled", v)
}

// partWriter turns the events of an answer into blocks of the page.
type partWriter struct {
	to    *partStream
	after int // id of the last event that the page has
	live  *liveView
}

func (w *partWriter) event(e tutor.Event) error {
	block := "chat-live-text"
	switch e.Kind {
	case tutor.EventContext:
		block, w.live.Used = "chat-live-used", usedOfContext(e.Context)
	case tutor.EventNotice:
		w.live.Notices = append(w.live.Notices, *e.Notice)
	case tutor.EventCitation:
		w.live.Citations = append(w.live.Citations, *e.Citation)
		return nil // it shows with the words that use it
	case tutor.EventDelta:
		w.live.Text += e.Text
	case tutor.EventUsage, tutor.EventDone:
		return nil // the settled answer has both
	}
	if e.ID <= w.after {
		return nil
	}
	if e.Kind == tutor.EventDelta {
		if err := w.say(e.Text, false); err != nil {
			return err
		}
	}
	if err := w.live.write(); err != nil {
		return err
	}
	w.to.id = e.ID
	defer func() { w.to.id = 0 }()
	return w.to.send("", block, w.live)
}

// say has a piece read out.
func (w *partWriter) say(text string, end bool) error {
	return w.to.data("gapwise:text", map[string]any{"text": spoken(text) + "\n", "end": end})
}

// stopForm ends an answer that is under way; what was said stays.
func (s *server) stopForm(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	message, err := messageID(c)
	if err != nil {
		return err
	}
	if err := s.Tutor.Stop(c.Request.Context(), person, id, message); err != nil && fault.KindOf(err) != fault.NotFound { // one that is over has nothing to stop
		return err
	}
	if wantsPart(c) {
		c.Status(http.StatusNoContent)
		return nil
	}
	c.Redirect(http.StatusSeeOther, chatAddress(id))
	return nil
}

func (s *server) deleteChatForm(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	if err := s.Tutor.Delete(c.Request.Context(), person, id); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/chat?done=deleted")
	return nil
}

// talksOf are the caller's conversations; who has no session has none.
func (s *server) talksOf(ctx context.Context, person uuid.UUID) ([]talkView, error) {
	if person == uuid.Nil {
		return nil, nil
	}
	list, err := s.Tutor.Conversations(ctx, person)
	if err != nil {
		return nil, err
	}
	out := make([]talkView, len(list))
	for i := range list {
		out[i] = s.talkView(&list[i])
	}
	return out, nil
}
