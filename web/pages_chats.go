package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/skill"
	"github.com/gapwise/gapwise/tutor"
)

// chatsView is the list of conversations, and the form that starts one.
type chatsView struct {
	Talks   []talkView
	Count   int
	Page    int // counted from 1
	Pages   int
	Roles   []*catalog.Role
	Role    *catalog.Role // chosen; nil for none yet
	Skills  []*catalog.Skill
	Resumes []skill.Summary
	Resume  string
	About   string
	Mode    tutor.Mode
	Modes   []tutor.Mode
}

// talksOnPage is how many conversations a page lists.
const talksOnPage = 30

// chatsPage lists the conversations. Who has no session sees none, and can start one.
func (s *server) chatsPage(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil && fault.KindOf(err) != fault.Unauthenticated {
		return err
	}
	v := chatsView{Roles: s.Catalog.Roles(), Modes: tutor.Modes(), Mode: tutor.Mode(cmp.Or(c.Query("mode"), string(tutor.Coach))), About: c.Query("about"), Resume: c.Query("resume_id")}
	talks, err := s.talksOf(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	if p.ID != uuid.Nil {
		if v.Resumes, err = s.Intake.Resumes(c.Request.Context(), p.ID); err != nil {
			return err
		}
	}
	v.turn(talks, c.Query("page"))
	if err := s.startView(&v, c.Query("role")); err != nil {
		return err
	}
	f := frame{Section: "tutor", Page: &v}
	switch {
	case c.Query("done") == "deleted":
		f.Notice = s.say(c).Say("chats.deleted")
	case c.GetHeader("HX-Target") != "":
		f.Part = "chats-start"
	}
	return s.render(c, http.StatusOK, "chats", f)
}

// turn cuts a page out of the conversations.
func (v *chatsView) turn(talks []talkView, page string) {
	v.Count, v.Pages = len(talks), max(1, (len(talks)+talksOnPage-1)/talksOnPage)
	n, _ := strconv.Atoi(page) // what is no number is the first
	v.Page = min(max(n, 1), v.Pages)
	v.Talks = talks[min(len(talks), (v.Page-1)*talksOnPage):min(len(talks), v.Page*talksOnPage)]
}

// startView fills in what the form offers for a role: the one that was asked for, else the one that was talked about last.
func (s *server) startView(v *chatsView, role string) error {
	if role == "" && len(v.Talks) > 0 && v.Page == 1 {
		role = v.Talks[0].Role
	}
	if role == "" {
		return nil
	}
	var err error
	if v.Role, err = s.Catalog.Role(role); err != nil {
		return err
	}
	for _, r := range v.Role.Skills {
		if k, err := s.Catalog.Skill(r.Skill); err == nil {
			v.Skills = append(v.Skills, k)
		}
	}
	slices.SortFunc(v.Skills, func(a, b *catalog.Skill) int { return cmp.Compare(a.Name, b.Name) })
	if v.Resume == "" && len(v.Resumes) > 0 {
		v.Resume = v.Resumes[0].ID.String()
	}
	return nil
}

// Before and After are the neighbouring pages, 0 for none.
func (v *chatsView) Before() int { return v.Page - 1 }

// After is the next page, 0 for none.
func (v *chatsView) After() int {
	if v.Page == v.Pages {
		return 0
	}
	return v.Page + 1
}
