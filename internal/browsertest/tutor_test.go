//go:build browser

package browsertest_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// learned are the person's pages that need a quiz: its address, and what the tutor remembers of it.
var learned struct {
	sync.Mutex
	quiz, item string
}

// quiz gives the address of a conversation in which the person answers questions; it is made with the first call.
func (p *person) learn(t *testing.T) (quiz, item string) {
	t.Helper()
	learned.Lock()
	defer learned.Unlock()
	if learned.quiz == "" {
		learned.quiz = p.talk(t, "quiz", "Start", "A", "B")
		m := regexp.MustCompile(`/me/memory/[0-9a-f-]{36}`).FindString(p.get(t, "/me/memory", false))
		if m == "" {
			t.Fatal("nothing is remembered of the quiz")
		}
		learned.item = m
	}
	return learned.quiz, learned.item
}

// talk starts a conversation, says what is to be said and gives its address.
func (p *person) talk(t *testing.T, mode string, messages ...string) string {
	t.Helper()
	const form = "application/x-www-form-urlencoded"
	start := url.Values{"role": {"senior-backend-engineer"}, "about": {"skill:kafka"}, "resume_id": {p.resume}, "mode": {mode}}
	a := p.do(t, http.MethodPost, "/chat", form, strings.NewReader(start.Encode()))
	chat := a.header.Get("Location")
	if chat == "" {
		t.Fatalf("chat: %d", a.status)
	}
	for _, m := range messages {
		if a := p.do(t, http.MethodPost, chat, form, strings.NewReader(url.Values{"content": {m}}.Encode())); a.status != http.StatusSeeOther {
			t.Fatalf("%s: %d", m, a.status)
		}
	}
	return chat
}

// TestTutorPages looks at the pages of the tutor that need a person who has answered questions.
func TestTutorPages(t *testing.T) {
	p := newPerson(t)
	quiz, item := p.learn(t)
	for _, u := range []pageUnderTest{
		{name: "chat-quiz", path: at(quiz)}, {name: "item", path: at(item)}, {name: "memory", path: at("/me/memory")},
		{name: "chat-interview", path: at(p.talk(t, "interview", "Start"))}, {name: "chat-empty", path: at(p.talk(t, "line"))},
	} {
		t.Run(u.name, func(t *testing.T) {
			u.status = http.StatusOK
			for _, width := range []int{1280, 360} {
				for _, scripts := range []bool{true, false} {
					look(t, u, p, width, scripts)
				}
			}
		})
	}
}

// TestTalk starts a conversation, says something, reads the answer with its source, has it answered again, and deletes the conversation.
func TestTalk(t *testing.T) {
	ways(t, func(b *tab) {
		b.scheme("light") // with less motion: a click on what scrolls would miss
		b.open("/chat?role=data-engineer&mode=coach")
		b.click("#chats-start form[method=post] button")
		scripted := eval[bool](b, `document.documentElement.classList.contains("enhanced")`)
		b.run(chromedp.SendKeys(chromedp.CSS("#content"), "What should I learn first?"))
		if scripted {
			b.run(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(2)))
		} else {
			b.click("#send")
		}
		answers := func(n int) {
			b.Helper()
			eval[bool](b, fmt.Sprintf(`new Promise((done) => { const look = () => document.querySelectorAll("#messages .answer-foot").length === %d && !document.querySelector("#live") ? done(true) : setTimeout(look, 20); look(); })`, n))
		}
		answers(1)
		if scripted {
			if got := eval[string](b, `document.querySelector("#content").value + "|" + document.activeElement.id`); got != "|content" {
				b.Errorf("the field after sending: %q", got)
			}
			if got := b.text("#voice"); !strings.Contains(got, ".") || eval[int](b, `document.querySelectorAll("#voice p").length`) < 2 {
				b.Errorf("read out: %q", got)
			}
		}
		if got := b.text("#used"); !strings.Contains(got, "catalogue") {
			b.Errorf("what I used: %q", got)
		}
		if link := eval[string](b, `document.querySelector(".answer sup a").getAttribute("href")`); !eval[bool](b, `document.querySelector("`+link+`") !== null`) {
			b.Errorf("%s is not there", link)
		}
		before := eval[string](b, `document.querySelector("#messages .message:not(.mine)").id`)
		if scripted {
			b.run(chromedp.Click(chromedp.CSS("#replies .quiet")))
			eval[bool](b, fmt.Sprintf(`new Promise((done) => { const look = () => document.querySelector("#messages .message:not(.mine)").id.startsWith("m-") && document.querySelector("#messages .message:not(.mine)").id !== %q ? done(true) : setTimeout(look, 20); look(); })`, before))
		} else {
			b.click("#replies .quiet")
		}
		answers(1)
		b.screen(fmt.Sprintf("talk-%t", scripted))
		b.run(chromedp.Click(chromedp.CSS(".delete-talk summary")))
		b.click(".delete-talk button")
		if got := b.text(".notice"); !strings.Contains(got, "deleted") {
			b.Errorf("afterwards: %q", got)
		}
	})
}

// TestQuizByButtons answers questions by their buttons alone.
func TestQuizByButtons(t *testing.T) {
	ways(t, func(b *tab) {
		b.scheme("light")
		b.open("/chat?role=data-engineer&mode=quiz")
		b.click("#chats-start form[method=post] button")
		for n, button := range []string{"#replies [name=content]", ".choices button", ".choices button:nth-child(2)"} {
			if eval[bool](b, `document.documentElement.classList.contains("enhanced")`) {
				b.run(chromedp.Click(chromedp.CSS(button)))
			} else {
				b.click(button)
			}
			eval[bool](b, fmt.Sprintf(`new Promise((done) => { const look = () => document.querySelectorAll("#messages .answer-foot").length === %d && !document.querySelector("#live") && document.querySelectorAll(".choices button").length === 4 ? done(true) : setTimeout(look, 20); look(); })`, n+1))
		}
		if got := b.text("#replies .place"); got != "Question 3" {
			b.Errorf("it is at %q", got)
		}
		b.open("/me/memory")
		if got := eval[int](b, `document.querySelectorAll(".memory > li").length`); got != 2 {
			b.Errorf("%d things are remembered, want 2", got)
		}
	})
}

// TestDraft finds what was being written after a reload.
func TestDraft(t *testing.T) {
	b := newTab(t, 1280, true)
	b.open("/chat?role=data-engineer")
	b.click("#chats-start form[method=post] button")
	b.run(chromedp.SendKeys(chromedp.CSS("#content"), "Half a thought"))
	b.run(chromedp.Reload())
	if got := eval[string](b, `document.querySelector("#content").value`); got != "Half a thought" {
		t.Errorf("the field has %q", got)
	}
	b.quiet("/favicon")
}
