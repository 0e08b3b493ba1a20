package web

import (
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/tutor"
)

// chatView is a conversation as it stands.
type chatView struct {
	tutor.Conversation

	RoleView   *catalog.Role
	About      aboutView
	Messages   []messageView
	Content    string // what was written and not taken
	Problem    *Problem
	Limit      int
	Full       bool
	Choices    []choiceView // answers to the question that waits
	Replies    []string     // keys of what is often said next
	Unanswered string       // a message whose answer broke off; "" for none
	Broke      *Problem     // why it did, as long as that is known
	Live       *liveView    // an answer under way; nil for none
	Streams    bool         // answers appear piece by piece
	Used       *usedView    // what an answer was made from; nil for none
	Budget     *leftView    // nil where no model is set up
	Talks      []talkView
	More       int           // conversations that Talks leaves out
	Settled    []messageView // of the exchange that has just ended
}

// aboutView is what a conversation is about, beside its role.
type aboutView struct {
	Phase     string
	Milestone string
	Skill     string
}

// Any tells whether it is about a part of the role.
func (v aboutView) Any() bool { return v.Phase+v.Milestone+v.Skill != "" }

// talkView is a conversation in a list.
type talkView struct {
	tutor.Conversation

	RoleName string
	About    aboutView
	Current  bool
}

// Address is where it is.
func (v talkView) Address() string { return chatAddress(v.ID) }

// choiceView is one answer to a question.
type choiceView struct{ Letter, Text string }

// messageView is one turn, written as HTML.
type messageView struct {
	tutor.Message

	Chat     uuid.UUID
	HTML     template.HTML // of an answer
	Language string        // of an answer; "" for not known
	Notes    []noteView
	Last     bool // the answer that can be tried again
	Resume   *uuid.UUID
}

// Mine tells whether the person wrote it.
func (m messageView) Mine() bool { return m.Author == tutor.AuthorPerson }

// Anchor is the message's place on the page.
func (m messageView) Anchor() string { return messageAnchor(m.ID) }

// BuiltIn tells whether no language model had a part in it.
func (m messageView) BuiltIn() bool { return m.Engine == tutor.EngineBuiltIn }

func messageAnchor(id uuid.UUID) string { return "m-" + id.String() }

// noteView is a citation as a footnote.
type noteView struct {
	tutor.Citation

	Anchor string
	Link   string // where the passage is from, "" where no page shows it
}

// leftView is what is left of the tightest budget.
type leftView struct {
	gateway.Budget

	Left  gateway.Nano
	Share float64 // that is left, 0 to 1
	// UsedUpUntil is when models are asked again, where the last answer found too little left; nil where it did not.
	UsedUpUntil *time.Time
}

// Tone is how a meter shows it.
func (v leftView) Tone() string {
	switch {
	case v.Share < 0.1:
		return "bad"
	case v.Share < 0.3:
		return "warn"
	}
	return ""
}

// usedView is what an answer was made from.
type usedView struct {
	Anchor string // of the answer
	Tokens int    // 0 where no model was asked
	Budget int
	Parts  []usedPart
	Masked []maskedKind
}

type usedPart struct {
	tutor.Used

	Anchor string       // of the answer, whose footnotes the numbers are
	Cited  map[int]bool // numbers that are footnotes
}

// Filled is the share of what the part may take that it takes.
func (p usedPart) Filled() float64 {
	if p.Share == 0 {
		return 0
	}
	return min(1, float64(p.Tokens)/float64(p.Share))
}

type maskedKind struct {
	Kind  string
	Count int
}

// liveView is an answer under way.
type liveView struct {
	Chat      uuid.UUID
	Message   uuid.UUID
	Content   string // of the person's message, where the page does not show it yet
	Text      string
	HTML      template.HTML
	Citations []tutor.Citation
	Notices   []tutor.Notice
	Used      *usedView
}

func newLive(chat, message uuid.UUID, content string) *liveView {
	return &liveView{Chat: chat, Message: message, Content: content}
}

// Anchor is the message's place on the page.
func (l *liveView) Anchor() string { return messageAnchor(l.Message) }

// write makes the HTML of what was said so far. Its citations are no links yet: their footnotes come with the whole.
func (l *liveView) write() (err error) {
	l.HTML, err = markdown(l.Text, nil)
	return err
}

// chatView reads a conversation with what was said in it.
func (s *server) chatView(c *gin.Context, person, id uuid.UUID) (*chatView, error) {
	conversation, messages, err := s.Tutor.Transcript(c.Request.Context(), person, id)
	if err != nil {
		return nil, err
	}
	v := &chatView{Conversation: conversation, Limit: tutor.MaxContent, Full: len(messages)+2 > tutor.MaxMessages, Unanswered: conversation.Kept.Unanswered}
	if v.RoleView, err = s.Catalog.Role(conversation.Role); err != nil {
		return nil, err
	}
	v.About = s.about(v.RoleView, &conversation)
	for i := range messages {
		m, err := messageViewOf(&conversation, &messages[i])
		if err != nil {
			return nil, err
		}
		m.Last = i == len(messages)-1 && !m.Mine() && v.Unanswered == ""
		v.Messages = append(v.Messages, m)
	}
	v.Choices = s.choices(&conversation)
	v.Replies = repliesIn(&conversation, len(messages) == 0)
	v.Used = v.usedBy(c.Query("used"))
	if raw := c.Query("answer"); raw != "" {
		if answer, err := uuid.Parse(raw); err == nil && !slices.ContainsFunc(messages, func(m tutor.Message) bool { return m.ID == answer }) && v.Unanswered == "" {
			v.Live = newLive(id, answer, "")
		}
	}
	return v, s.chatBudget(c, person, v)
}

// settling leaves of the messages what the end of an answer puts on the page: the answer itself.
func (v *chatView) settling(message uuid.UUID) {
	for _, m := range v.Messages {
		if m.ID == message {
			v.Settled = []messageView{m}
		}
	}
}

// usedBy is what an answer was made from: the one with the id, or the last.
func (v *chatView) usedBy(id string) *usedView {
	for _, m := range slices.Backward(v.Messages) {
		if m.Mine() || (id != "" && m.ID.String() != id) {
			continue
		}
		return usedOfMessage(&m)
	}
	return nil
}

func usedOfMessage(m *messageView) *usedView {
	u := &usedView{Anchor: m.Anchor(), Masked: maskedKinds(m.Masked)}
	cited := map[int]bool{}
	for _, note := range m.Notes {
		cited[note.Index] = true
	}
	for _, part := range m.Used {
		u.Parts = append(u.Parts, usedPart{part, u.Anchor, cited})
		if part.Share > 0 {
			u.Tokens += part.Tokens
		}
	}
	return u
}

func usedOfContext(c *tutor.Context) *usedView {
	u := &usedView{Anchor: messageAnchor(c.MessageID), Tokens: c.Tokens, Budget: c.Budget, Masked: maskedKinds(c.Masked)}
	for _, part := range c.Used {
		u.Parts = append(u.Parts, usedPart{Used: part}) // footnotes come with the whole answer
	}
	return u
}

func maskedKinds(list []tutor.Hidden) []maskedKind {
	var out []maskedKind
	for _, h := range list {
		at := slices.IndexFunc(out, func(k maskedKind) bool { return k.Kind == h.Kind })
		if at < 0 {
			at = len(out)
			out = append(out, maskedKind{Kind: h.Kind})
		}
		out[at].Count++
	}
	return out
}

// chatBudget finds the budget that ends first.
func (s *server) chatBudget(c *gin.Context, person uuid.UUID, v *chatView) error {
	if !s.Gateway.Enabled() {
		return nil
	}
	budgets, err := s.Gateway.Budgets(c.Request.Context(), person)
	if err != nil {
		return err
	}
	for _, b := range budgets {
		left := max(0, b.Limit-b.Spent-b.Reserved)
		if v.Budget == nil || left < v.Budget.Left {
			v.Budget = &leftView{Budget: b, Left: left, Share: float64(left) / float64(max(1, b.Limit))}
		}
	}
	if n := len(v.Messages); n > 0 && v.Budget != nil {
		for _, notice := range v.Messages[n-1].Notices {
			if notice.Reason == "budget-exceeded" && notice.Until != nil && notice.Until.After(s.Now()) {
				v.Budget.UsedUpUntil = notice.Until
			}
		}
	}
	return nil
}

// maxTalks is how many conversations the pane of a conversation lists.
const maxTalks = 12

// chatAround reads what stands beside a conversation.
func (s *server) chatAround(c *gin.Context, person uuid.UUID, v *chatView) error {
	talks, err := s.talksOf(c.Request.Context(), person)
	if err != nil {
		return err
	}
	for i := range talks {
		talks[i].Current = talks[i].ID == v.ID
	}
	v.Talks, v.More = talks[:min(len(talks), maxTalks)], len(talks)
	return nil
}

func (s *server) talkView(conversation *tutor.Conversation) talkView {
	v := talkView{Conversation: *conversation, RoleName: conversation.Role}
	if role, err := s.Catalog.Role(conversation.Role); err == nil { // one that the catalogue no longer has keeps its id
		v.RoleName, v.About = role.Name, s.about(role, conversation)
	}
	return v
}

// about names what a conversation is about. What the catalogue no longer has is not named.
func (s *server) about(role *catalog.Role, c *tutor.Conversation) (v aboutView) {
	if c.Phase != "" {
		if p, err := role.Phase(c.Phase); err == nil {
			v.Phase = p.Name
		}
	}
	if c.Milestone != "" {
		if _, m, err := role.Milestone(c.Milestone); err == nil {
			v.Milestone = m.Name
		}
	}
	if c.Skill != "" {
		if k, err := s.Catalog.Skill(c.Skill); err == nil {
			v.Skill = k.Name
		}
	}
	return v
}

// choices are the answers to the question that waits, in the order in which the conversation asks.
func (s *server) choices(c *tutor.Conversation) []choiceView {
	kept := &c.Kept
	if kept.Asked != nil {
		return lettered(kept.Asked.Choices)
	}
	if c.Mode != tutor.Quiz || kept.State.Quiz == nil || kept.State.Quiz.Open == "" {
		return nil
	}
	q, ok := s.checkQuestion(kept.State.Quiz.Open)
	if !ok {
		return nil
	}
	all := append([]string{q.Answer}, q.Wrong...)
	list := make([]string, 0, len(all))
	for _, i := range kept.State.Quiz.Order {
		if i < 0 || i >= len(all) {
			return nil
		}
		list = append(list, all[i])
	}
	return lettered(list)
}

// cutQuestion takes the id of a check question apart: "skill/kafka/question/2".
func cutQuestion(id string) (skill string, number int, ok bool) {
	parts := strings.Split(id, "/")
	if len(parts) != 4 || parts[0] != "skill" || parts[2] != "question" {
		return "", 0, false
	}
	number, err := strconv.Atoi(parts[3])
	return parts[1], number, err == nil && number > 0
}

func lettered(list []string) []choiceView {
	out := make([]choiceView, len(list))
	for i, text := range list {
		out[i] = choiceView{string(rune('A' + i)), text}
	}
	return out
}

// repliesIn are what people often say next, as keys of the set chat.say.
func repliesIn(c *tutor.Conversation, first bool) []string {
	switch {
	case c.Mode == tutor.Coach && first:
		return []string{"next-step", "missing", "due"}
	case c.Mode == tutor.Explain && first:
		return []string{"explain-first", "levels"}
	case c.Mode == tutor.Coach || c.Mode == tutor.Explain:
		return nil
	case first:
		return []string{"start"}
	case c.Mode == tutor.Hint && c.Place.Waits:
		return []string{"hint", "next"}
	case c.Mode == tutor.Quiz && c.Place.Waits, c.Mode == tutor.Interview && c.Place.Waits:
		return []string{"next", "stop"}
	case c.Mode == tutor.Hint || c.Mode == tutor.Quiz || c.Mode == tutor.Interview:
		return []string{"next"}
	}
	return nil
}

func messageViewOf(conversation *tutor.Conversation, m *tutor.Message) (messageView, error) {
	v := messageView{Message: *m, Chat: conversation.ID, Resume: conversation.ResumeID}
	if v.Mine() {
		return v, nil
	}
	v.Language = conversation.Kept.State.Language
	anchors := map[int]string{}
	for _, cited := range m.Citations {
		if _, twice := anchors[cited.Index]; twice {
			continue
		}
		note := noteView{Citation: cited, Anchor: fmt.Sprintf("%s-%d", v.Anchor(), cited.Index), Link: sourceOf(conversation, &cited)}
		anchors[cited.Index] = note.Anchor
		v.Notes = append(v.Notes, note)
	}
	var err error
	v.HTML, err = markdown(m.Content, anchors)
	return v, err
}

// sourceOf is where a cited passage can be read.
func sourceOf(conversation *tutor.Conversation, cited *tutor.Citation) string {
	switch cited.Kind {
	case tutor.FromCatalogue:
		role, rest, ok := strings.Cut(cited.ID, "/")
		switch {
		case ok && role == conversation.Role:
			return "/career-paths/" + url.PathEscape(role) + "#" + anchorOf(rest)
		case ok && role == "skill":
			name, _, _ := strings.Cut(rest, "/")
			return "/skills/" + url.PathEscape(name)
		}
	case tutor.FromReport:
		if conversation.ResumeID == nil {
			return ""
		}
		link := "/resumes/" + conversation.ResumeID.String() + "/gaps/" + url.PathEscape(conversation.Role)
		if name, ok := strings.CutPrefix(cited.ID, "report/skill/"); ok {
			link += "#skill-" + url.PathEscape(name)
		}
		return link
	case tutor.FromResume:
		if conversation.ResumeID != nil && cited.Start != nil && cited.End != nil {
			return fmt.Sprintf("/resumes/%s/text?mark=%d-%d#%s", conversation.ResumeID, *cited.Start, *cited.End, placeID(*cited.Start))
		}
	}
	return ""
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
