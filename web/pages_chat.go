package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/tutor"
)

// startChatForm opens a conversation and shows it; who has no session gets one, as in the API.
func (s *server) startChatForm(c *gin.Context) error {
	values, err := form(c, "role", "phase", "resume_id", "mode")
	if err != nil {
		return err
	}
	r := tutor.StartRequest{Role: values.Get("role"), Phase: values.Get("phase"), Mode: tutor.Mode(values.Get("mode"))}
	if raw := values.Get("resume_id"); raw != "" {
		id, err := uuid.Parse(raw)
		if err != nil {
			return fault.New(fault.NotFound, "unknown-id", "There is nothing of yours with this id.").In("resume_id")
		}
		r.ResumeID = &id
	}
	p, err := s.callerOrGuest(c)
	if err != nil {
		return err
	}
	conversation, err := s.Tutor.Start(c.Request.Context(), p.ID, r)
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/chat/"+conversation.ID.String())
	return nil
}

// chatView is a conversation as it stands.
type chatView struct {
	tutor.Conversation
	RoleView *catalog.Role
	Phase    *catalog.Phase // nil for the role as a whole
	Messages []messageView
	Content  string // what was written and not taken
	Limit    int
	Full     bool
}

// messageView is one turn, cut into blocks.
type messageView struct {
	tutor.Message
	Number int
	Blocks []block
	Notes  []noteView
	Last   bool
}

// Mine tells whether the person wrote it.
func (m messageView) Mine() bool { return m.Author == tutor.AuthorPerson }

// noteView is a citation as a footnote.
type noteView struct {
	tutor.Citation
	Anchor string
	Link   string // where the passage is from, "" where no page shows it
	From   string
}

func (s *server) chatPage(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	return s.showChat(c, http.StatusOK, frame{}, person, id, "")
}

func (s *server) showChat(c *gin.Context, status int, f frame, person, id uuid.UUID, content string) error {
	conversation, messages, err := s.Tutor.Transcript(c.Request.Context(), person, id)
	if err != nil {
		return err
	}
	v := chatView{Conversation: conversation, Content: content, Limit: tutor.MaxContent, Full: len(messages)+2 > tutor.MaxMessages}
	if v.RoleView, err = s.Catalog.Role(conversation.Role); err != nil {
		return err
	}
	if conversation.Phase != "" {
		v.Phase, _ = v.RoleView.Phase(conversation.Phase) // a phase that the catalogue no longer has is not shown
	}
	for i, m := range messages {
		v.Messages = append(v.Messages, messageViewOf(&conversation, m, i+1, i == len(messages)-1))
	}
	f.Page = v
	return s.render(c, status, "chat", f)
}

// sayForm sends a message and shows the answer; a problem shows the conversation again, with the message in its field.
func (s *server) sayForm(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	values, err := form(c, "content")
	if err == nil {
		_, err = s.Tutor.Say(c.Request.Context(), person, id, values.Get("content"), nil)
	}
	if err == nil {
		c.Redirect(http.StatusSeeOther, "/chat/"+id.String()+"#last")
		return nil
	}
	p, ok := s.formProblem(c, err)
	if !ok {
		return err
	}
	p.Field = "content" // the only one that there is
	return s.showChat(c, p.Status, frame{Problem: p}, person, id, values.Get("content"))
}

func messageViewOf(conversation *tutor.Conversation, m tutor.Message, number int, last bool) messageView {
	v := messageView{Message: m, Number: number, Last: last}
	anchors := map[int]string{}
	for _, cited := range m.Citations {
		note := noteView{Citation: cited, Anchor: fmt.Sprintf("note-%d-%d", number, cited.Index)}
		note.Link, note.From = sourceOf(conversation, cited)
		if _, twice := anchors[cited.Index]; twice {
			continue
		}
		anchors[cited.Index] = note.Anchor
		v.Notes = append(v.Notes, note)
	}
	if m.Author == tutor.AuthorTutor {
		v.Blocks = blocks(m.Content, anchors)
	} else {
		v.Blocks = []block{{Kind: "said", Lines: [][]piece{{{Text: m.Content}}}}}
	}
	return v
}

// sourceOf is where a cited passage can be read, and in a word what that is.
func sourceOf(conversation *tutor.Conversation, cited tutor.Citation) (link, from string) {
	switch cited.Kind {
	case tutor.FromCatalogue:
		if role, rest, ok := strings.Cut(cited.ID, "/"); ok && role == conversation.Role {
			return "/career-paths/" + url.PathEscape(role) + "#" + anchorOf(rest), "the catalogue"
		}
		return "", "the catalogue"
	case tutor.FromReport:
		if conversation.ResumeID == nil {
			return "", "your gap report"
		}
		link = "/resumes/" + conversation.ResumeID.String() + "/gaps/" + url.PathEscape(conversation.Role)
		if name, ok := strings.CutPrefix(cited.ID, "report/skill/"); ok {
			link += "#skill-" + url.PathEscape(name)
		}
		return link, "your gap report"
	case tutor.FromResume:
		if conversation.ResumeID == nil || cited.Start == nil || cited.End == nil {
			return "", "your resume"
		}
		return fmt.Sprintf("/resumes/%s/text?mark=%d-%d#%s", conversation.ResumeID, *cited.Start, *cited.End, placeID(*cited.Start)), "your resume"
	}
	return "", string(cited.Kind)
}

// anchorOf is where the page of a career path shows a passage: "phase/x" is at phase-x, a part such as "summary" at its own name.
func anchorOf(rest string) string {
	kind, name, _ := strings.Cut(rest, "/")
	name, _, _ = strings.Cut(name, "/")
	switch kind {
	case "phase", "milestone", "project", "skill":
		return url.PathEscape(kind + "-" + name)
	case "interview":
		return "interview"
	}
	return url.PathEscape(kind)
}

// block is a paragraph, a list or code of an answer.
type block struct {
	Kind  string // p, ul, ol, pre or said
	Start int    // number of the first entry of an ol
	Lines [][]piece
}

// piece is a stretch of a line: text, or the number of a citation.
type piece struct {
	Text   string
	Anchor string // of the footnote, "" for text
}

var (
	numbered = regexp.MustCompile(`^(\d{1,3})[.)] (.*)$`)
	citation = regexp.MustCompile(`\[\d{1,3}\]`)
)

// blocks cuts an answer into paragraphs and lists, the little that both the built-in answers and the models are asked to write. All else
// stays the text that it is.
func blocks(text string, anchors map[int]string) []block {
	var out []block
	add := func(kind, line string, start int) {
		if n := len(out); n > 0 && out[n-1].Kind == kind && kind != "p" {
			out[n-1].Lines = append(out[n-1].Lines, pieces(line, anchors))
			return
		}
		out = append(out, block{Kind: kind, Start: start, Lines: [][]piece{pieces(line, anchors)}})
	}
	inCode := false
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "```") {
			inCode = !inCode
			continue
		}
		if inCode {
			add("pre", line, 0)
			continue
		}
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if m := numbered.FindStringSubmatch(line); m != nil {
			start, _ := strconv.Atoi(m[1]) // at most three digits
			add("ol", m[2], start)
		} else if item, ok := strings.CutPrefix(line, "- "); ok {
			add("ul", item, 0)
		} else {
			add("p", line, 0)
		}
	}
	return out
}

// pieces finds the citations of a line. A number that no footnote has stays text.
func pieces(line string, anchors map[int]string) []piece {
	var out []piece
	at := 0
	for _, m := range citation.FindAllStringIndex(line, -1) {
		n, _ := strconv.Atoi(line[m[0]+1 : m[1]-1]) // at most three digits
		anchor, ok := anchors[n]
		if !ok {
			continue
		}
		if m[0] > at {
			out = append(out, piece{Text: line[at:m[0]]})
		}
		out = append(out, piece{Text: line[m[0]:m[1]], Anchor: anchor})
		at = m[1]
	}
	if at < len(line) || len(out) == 0 {
		out = append(out, piece{Text: line[at:]})
	}
	return out
}
