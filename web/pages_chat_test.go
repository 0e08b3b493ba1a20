package web_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/tutor"
)

// htmx sends a form as the page's script does.
func (c *client) htmx(path, body string) answer {
	c.t.Helper()
	return c.do("POST", path, strings.NewReader(body), "Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html, text/event-stream", "HX-Request", "true", "HX-Request-Type", "partial")
}

var liveAddress = regexp.MustCompile(`hx-sse:connect="(/chat/[0-9a-f-]{36}/answers/[0-9a-f-]{36})"`)

// liveOf is the address that a page reads an answer from.
func liveOf(t *testing.T, a answer) string {
	t.Helper()
	m := liveAddress.FindStringSubmatch(a.body)
	if a.status != 200 || m == nil {
		t.Fatalf("%d, and no answer is under way: %.400s", a.status, a.body)
	}
	return m[1]
}

func TestAnswerAppearsPieceByPiece(t *testing.T) {
	h := open(t, &model{pieces: []string{"Learn **the basics** [1]. ", "Then go on. ", "And on."}}, gateway.DefaultCaps)
	c := h.newClient(t)
	chat := c.form("/chat", "role", "data-engineer", "mode", "explain").header.Get("Location")
	begun := c.htmx(chat, "content=What+%3Cfirst%3E%3F")
	live := liveOf(t, begun)
	if !strings.Contains(begun.body, "What &lt;first&gt;?") || strings.Contains(begun.body, "<html") || begun.header.Get("HX-Replace-Url") == "" {
		t.Errorf("what stands there at once: %v %s", begun.header, begun.body)
	}
	a := c.get(live)
	if a.status != 200 || a.header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %v", a.status, a.header)
	}
	for _, want := range []string{
		`{"end":false,"text":"Learn the basics.`, `{"end":true,"text":"\n"}`, "<strong>the basics</strong>", "id: 3\n", `<hx-partial hx-target="#live" hx-swap="outerHTML">`, `<hx-partial hx-target="#used"`, "cost $0.00014", "stub",
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("it has no %s:\n%s", want, a.body)
		}
	}
	again := c.get(live, "Last-Event-ID", "4")
	if strings.Contains(again.body, "id: 4\n") || !strings.Contains(again.body, "id: 5\n") || !strings.Contains(again.body, "<strong>the basics</strong>") {
		t.Errorf("after the fourth event:\n%s", again.body)
	}
	lost := c.get(chat + "/answers/" + uuid.NewString())
	if lost.status != 200 || !strings.Contains(lost.body, `hx-target="#live"`) {
		t.Errorf("an answer whose events are gone: %d %s", lost.status, lost.body)
	}
	page := parse(t, c.page(chat+"?answer="+strings.TrimPrefix(live, chat+"/answers/")))
	checkPage(t, "afterwards", page)
	if byID(page, "live") != nil || !strings.Contains(textOf(page), "Learn the basics") {
		t.Error("afterwards the page waits for an answer that is there")
	}
	if !strings.Contains(textOf(byID(page, "budget")), "of $0.50 left") {
		t.Errorf("the budget: %s", textOf(byID(page, "budget")))
	}
	if !strings.Contains(c.page(chat).body, chat+"?used=") {
		t.Error("no way to what an answer used")
	}
	if used := c.get(chat+"?used="+strings.TrimPrefix(live, chat+"/answers/"), "HX-Request", "true", "HX-Request-Type", "partial", "Accept", "text/html"); used.status != 200 || !strings.HasPrefix(strings.TrimSpace(used.body), `<section id="used"`) {
		t.Errorf("what an answer used: %d %.200s", used.status, used.body)
	}
}

// Who wants answers at once, or has no scripts, gets them with the next page.
func TestAnswersAtOnce(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	chat := c.form("/chat", "role", "data-engineer").header.Get("Location")
	if a := c.form("/settings", "streaming", "no", "to", chat); a.status != 303 {
		t.Fatal(a.status)
	}
	if a := c.htmx(chat, "content=Hello"); a.status != 303 || !strings.HasPrefix(a.header.Get("Location"), chat+"#m-") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if page := c.page(chat).body; strings.Contains(page, `hx-post="`+chat) {
		t.Error("the form streams all the same")
	}
}

// An answer that breaks off says so, keeps the message, and can be tried again.
func TestAnswerBreaksOff(t *testing.T) {
	m := &model{pieces: []string{"One piece. ", "Two pieces. "}, err: fault.New(fault.Unavailable, "model-down", "The model does not answer.").Because(errors.New("dial tcp"))}
	c := open(t, m, gateway.DefaultCaps).newClient(t)
	chat := c.form("/chat", "role", "data-engineer", "mode", "explain").header.Get("Location")
	live := liveOf(t, c.htmx(chat, "content=What+first"))
	a := c.get(live)
	for _, want := range []string{"This message has no answer yet", "The model does not answer.", `action="` + chat + `/retry"`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("it does not say %q:\n%s", want, a.body)
		}
	}
	if strings.Contains(a.body, "dial tcp") {
		t.Error("the cause is shown")
	}
	m.err = nil
	if a := c.form(chat + "/retry"); a.status != 303 {
		t.Fatalf("retry: %d %s", a.status, a.body)
	}
	if page := c.page(chat).body; !strings.Contains(page, "Two pieces.") || strings.Contains(page, "no answer yet") {
		t.Errorf("after the retry: %s", page)
	}
}

// A message that is not taken stays in its field, whoever sent it.
func TestRefusedInPlace(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	chat := c.form("/chat", "role", "data-engineer").header.Get("Location")
	a := c.htmx(chat, "content="+strings.Repeat("x", 4001))
	if a.status != 400 || a.header.Get("HX-Retarget") != "#say-field" || !strings.Contains(a.body, strings.Repeat("x", 4001)) || strings.Contains(a.body, "<html") {
		t.Errorf("%d %v %.300s", a.status, a.header, a.body)
	}
}

// What the person is told about answers, and who answered, stands with them.
func TestNoticesOnThePage(t *testing.T) {
	broke := gateway.Caps{Request: gateway.Dollar, PersonDay: 1, InstanceDay: gateway.Dollar, InstanceMonth: gateway.Dollar}
	h := open(t, &model{pieces: []string{"Never"}}, broke)
	c := h.newClient(t)
	chat := c.form("/chat", "role", "data-engineer").header.Get("Location")
	if a := c.form(chat, "content", "What should I do first?"); a.status != 303 {
		t.Fatal(a.body)
	}
	until := today.Add(24 * time.Hour)
	h.mu.Lock()
	for id, list := range h.messages {
		last := &list[len(list)-1]
		last.Notices = append(last.Notices, tutor.Notice{Kind: tutor.NoticeInjection, Count: 2, Text: "This resume contains text addressed to an AI."}, tutor.Notice{Kind: tutor.NoticeRemoved, Count: 1, Text: "One sentence.", Until: &until})
		last.Masked = []tutor.Hidden{{Kind: "name"}, {Kind: "email"}, {Kind: "name"}}
		last.Used = []tutor.Used{{Part: "report", Tokens: 300, Share: 450, Items: []tutor.UsedItem{{Number: 1, Title: "Your level"}}}}
		h.messages[id] = list
	}
	h.mu.Unlock()
	n := parse(t, c.page(chat))
	checkPage(t, "notices", n)
	text := strings.Join(strings.Fields(textOf(all(n, "main")[0])), " ")
	for _, want := range []string{
		"The built-in tutor answered instead of the model until 25 November 2026", "There is text addressed to an AI (2)", "This resume contains text addressed to an AI.",
		"Sentences were taken out", "names × 2", "e-mail addresses × 1", "300 of 450", "It is used up. The built-in tutor goes on until",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q: %s", want, text)
		}
	}
}

// Choices of a quiz are buttons that say their letter, and what was said through them is remembered.
func TestChoicesAreButtons(t *testing.T) {
	c := open(t, nil, gateway.DefaultCaps).newClient(t)
	chat := c.form("/chat", "role", "data-engineer", "mode", "quiz", "about", "skill:sql").header.Get("Location")
	c.form(chat, "content", "Start")
	n := parse(t, c.page(chat))
	var letters []string
	for _, b := range all(byID(n, "replies"), "button") {
		if attr(b, "name") == "content" {
			letters = append(letters, attr(b, "value"))
		}
	}
	if got := strings.Join(letters, " "); got != "A B C D Next Stop" {
		t.Errorf("buttons: %s", got)
	}
	question := textOf(byID(n, "messages"))
	for _, b := range all(byID(n, "replies"), "button")[:4] {
		if words := strings.TrimSpace(textOf(b))[2:]; !strings.Contains(question, words) {
			t.Errorf("%q is no answer of the question", words)
		}
	}
	c.form(chat, "content", "B")
	if text := textOf(byID(parse(t, c.page(chat)), "replies")); !strings.Contains(text, "Question 2") {
		t.Errorf("after an answer: %s", text)
	}
}

func TestConversationsPage(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c := h.newClient(t)
	for i := range 31 {
		if a := c.form("/chat", "role", "data-engineer", "about", "phase:"+h.phase(t, "data-engineer")); a.status != 303 {
			t.Fatalf("%d: %d %s", i, a.status, a.body)
		}
	}
	first := c.page("/chat")
	checkPage(t, "first", parse(t, first))
	if strings.Count(first.body, `<li class="card link">`) != 30 || !strings.Contains(first.body, `href="/chat?page=2"`) {
		t.Error("the first page has not 30, or no way to the next")
	}
	second := c.page("/chat?page=2")
	if strings.Count(second.body, `<li class="card link">`) != 1 || !strings.Contains(second.body, `href="/chat?page=1"`) {
		t.Error("the second page has not the last one, or no way back")
	}
	for _, page := range []string{"x", "-1", "999999999999999999999"} {
		if a := c.page("/chat?page=" + page); a.status != 200 {
			t.Errorf("page %s: %d", page, a.status)
		}
	}
	chat := regexp.MustCompile(`/chat/[0-9a-f-]{36}`).FindString(second.body)
	if a := c.form(chat + "/delete"); a.status != 303 {
		t.Errorf("delete: %d", a.status)
	}
	if a := c.page(chat); a.status != 404 {
		t.Errorf("after that: %d", a.status)
	}
	if a := c.form("/chat", "role", "data-engineer", "about", "sandwich:1"); a.status != 400 {
		t.Errorf("about something else: %d", a.status)
	}
}

// phase is the id of a role's first phase.
func (h *house) phase(t *testing.T, role string) string {
	t.Helper()
	f, err := ready()
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.catalog.Role(role)
	if err != nil {
		t.Fatal(err)
	}
	return r.Phases[0].ID
}

// No page of the tutor shows or changes what is somebody else's.
func TestTutorPagesOfOthers(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	owner, _ := learner(t, h)
	chat := owner.form("/chat", "role", "data-engineer").header.Get("Location")
	owner.form(chat, "content", "Hello")
	item := regexp.MustCompile(`/me/memory/[0-9a-f-]{36}`).FindString(owner.page("/me/memory").body)
	other := h.newClient(t)
	other.resume()
	for _, path := range []string{chat, chat + "/answers/" + uuid.NewString(), item} {
		if a := other.page(path); a.status != 404 {
			t.Errorf("GET %s: %d", path, a.status)
		}
	}
	review := strings.Replace(item, "memory", "reviews", 1)
	for _, path := range []string{chat, chat + "/retry", chat + "/delete", chat + "/answers/" + uuid.NewString() + "/stop", item + "/delete"} {
		if a := other.form(path); a.status != 404 && a.status != 400 && (a.status != 303 || !strings.HasSuffix(path, "/stop")) {
			t.Errorf("POST %s: %d", path, a.status)
		}
	}
	if a := other.form(item, "note", "mine"); a.status != 404 {
		t.Errorf("a note: %d", a.status)
	}
	if a := other.form(review, "choice", "x"); a.status != 404 {
		t.Errorf("an answer: %d", a.status)
	}
	if a := other.page("/me/reviews?graded=" + strings.TrimPrefix(item, "/me/memory/")); a.status != 404 {
		t.Errorf("a grade: %d", a.status)
	}
	if owner.page(chat).status != 200 || owner.page(item).status != 200 {
		t.Error("the owner has lost something")
	}
	for _, path := range []string{"/me/memory", "/me/reviews", "/chat"} {
		if a := other.page(path); a.status != 200 || strings.Contains(a.body, "irflow") && path != "/chat" {
			t.Errorf("%s: %d, and maybe with what is somebody else's", path, a.status)
		}
	}
}

func TestMemoryPages(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c, _ := learner(t, h)
	list := c.page("/me/memory")
	checkPage(t, "memory", parse(t, list))
	items := regexp.MustCompile(`href="(/me/memory/[0-9a-f-]{36})"`).FindAllStringSubmatch(list.body, -1)
	if len(items) != 2 {
		t.Fatalf("%d items", len(items))
	}
	item := items[0][1]
	page := c.page(item)
	checkPage(t, "item", parse(t, page))
	answers := regexp.MustCompile(`id="answer-([0-9a-f-]{36})"`).FindAllStringSubmatch(page.body, -1)
	if len(answers) != 2 || !strings.Contains(page.body, "words of mine") {
		t.Fatalf("%d answers: %s", len(answers), page.body)
	}
	if a := c.form(item, "answer", answers[0][1], "outcome", "wrong", "level", "2"); a.status != 303 || a.header.Get("Location") != item+"?done=corrected" {
		t.Fatalf("correct: %d %s", a.status, a.body)
	}
	if a := c.form(item, "note", "<b>Note</b>"); a.status != 303 {
		t.Fatalf("note: %d", a.status)
	}
	text := strings.Join(strings.Fields(textOf(all(parse(t, c.page(item+"?done=corrected")), "main")[0])), " ")
	for _, want := range []string{"Your correction is kept.", "You corrected this. It was judged: Right, level 3, intermediate.", "<b>Note</b>"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q: %s", want, text)
		}
	}
	for name, fields := range map[string][]string{
		"level":      {"answer", answers[0][1], "outcome", "wrong", "level", "9"},
		"no level":   {"answer", answers[0][1], "outcome", "wrong", "level", "x"},
		"outcome":    {"answer", answers[0][1], "outcome", "great", "level", "2"},
		"a novel":    {"note", strings.Repeat("x", 1001)},
		"nothing":    {},
		"more to it": {"admin", "1"},
	} {
		a := c.form(item, fields...)
		if n := parse(t, a); a.status != 400 || byID(n, "problem-title") == nil {
			t.Errorf("%s: %d", name, a.status)
		} else {
			checkPage(t, name, n)
		}
	}
	if a := c.form(item+"/delete", "answer", answers[0][1]); a.header.Get("Location") != item+"?done=answer-deleted" {
		t.Errorf("delete an answer: %d %s", a.status, a.header.Get("Location"))
	}
	if a := c.form(item+"/delete", "answer", answers[1][1]); a.header.Get("Location") != "/me/memory?done=deleted" {
		t.Errorf("delete the last answer: %d %s", a.status, a.header.Get("Location"))
	}
	if a := c.form(items[1][1] + "/delete"); a.status != 303 {
		t.Errorf("forget: %d", a.status)
	}
	if a := c.page("/me/memory?done=deleted"); !strings.Contains(a.body, "It is forgotten.") || !strings.Contains(a.body, "Nothing yet") {
		t.Error("something is left")
	}
}

// What is due is asked in a round, and says how the answer was and when it is asked again.
func TestReviewRound(t *testing.T) {
	h := open(t, nil, gateway.DefaultCaps)
	c, _ := learner(t, h)
	h.itemsMu.Lock()
	for id, o := range h.items {
		o.thing.DueAt = today.AddDate(0, 0, -1)
		h.items[id] = o
	}
	h.itemsMu.Unlock()
	if a := c.page("/me/memory"); !strings.Contains(a.body, "2 questions are due for review.") || !strings.Contains(a.body, "due now") {
		t.Error("the list does not say what is due")
	}
	for left := 2; left > 0; left-- {
		page := c.page("/me/reviews")
		n := parse(t, page)
		checkPage(t, "round", n)
		if !strings.Contains(textOf(n), fmt.Sprint(left, " left")) {
			t.Errorf("it does not say that %d are left", left)
		}
		var to, choice string
		for _, f := range all(n, "form") {
			if strings.HasPrefix(attr(f, "action"), "/me/reviews/") {
				buttons := all(f, "button")
				if len(buttons) != 4 {
					t.Fatalf("%d choices", len(buttons))
				}
				to, choice = attr(f, "action"), attr(buttons[0], "value")
			}
		}
		if a := c.form(to, "choice", "none of them"); a.status != 400 {
			t.Errorf("no choice: %d", a.status)
		} else {
			checkPage(t, "no choice", parse(t, a))
		}
		a := c.form(to, "choice", choice)
		if a.status != 303 {
			t.Fatalf("answer: %d %s", a.status, a.body)
		}
		graded := parse(t, c.page(a.header.Get("Location")))
		checkPage(t, "graded", graded)
		if text := textOf(byID(graded, "graded-title").Parent); !strings.Contains(text, "The answer:") || !strings.Contains(text, "Asked again on") {
			t.Errorf("the grade: %s", text)
		}
	}
	if a := c.page("/me/reviews"); !strings.Contains(a.body, "Nothing is due") {
		t.Error("the round does not end")
	}
}
