package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/resume"
)

// uploadSteps are what happens to a file, in order: the middle three are resume's steps.
func uploadSteps() []string {
	return []string{"received", string(resume.StepOpened), string(resume.StepText), string(resume.StepSections), "skills", "kept"}
}

// uploadStep is one step as the part "stepper" shows it.
type uploadStep struct{ Words, State string }

// uploadView is how far an upload has come.
type uploadView struct {
	Steps   []uploadStep
	Said    string // the step that was done, for who hears the page
	Address string // where what was read is shown
}

// uploadStream tells of an upload while it happens.
type uploadStream struct {
	s    *server
	c    *gin.Context
	out  *partStream
	done int // steps
}

// view is the steps; the one that is under way is in the given state.
func (u *uploadStream) view(state string) *uploadView {
	v, words := &uploadView{}, u.s.say(u.c)
	for i, name := range uploadSteps() {
		step := uploadStep{Words: words.Of("upload-step", name)}
		switch {
		case i < u.done:
			step.State, v.Said = "done", step.Words+": "+words.Of("step", "done")
		case i == u.done:
			step.State = state
		}
		v.Steps = append(v.Steps, step)
	}
	return v
}

// reach tells of a step that was done. That nobody listens any more is no reason to end: the request's context says so to who works.
func (u *uploadStream) reach() {
	u.done++
	f := frame{Page: u.view("current"), view: u.s.view(u.c)}
	if err := u.out.send("", "upload-steps", f); err != nil {
		_ = u.c.Error(err)
		return
	}
	if err := u.out.send("gapwise:step", "upload-said", f); err != nil {
		_ = u.c.Error(err)
	}
}

// refuse shows why an upload ended. Once the stream has begun there is no status any more to say it with.
func (u *uploadStream) refuse(err error) error {
	_ = u.c.Error(err)
	p := problemOf(err, requestID(u.c))
	p.Field = "file"
	f := frame{Problem: &p, Page: u.view("failed"), Part: "upload-steps", view: u.s.view(u.c)}
	if u.done > 0 {
		return u.out.send("", "upload-steps", f)
	}
	problemHeaders(u.c.Writer, p)
	return u.s.render(u.c, p.Status, "home", f)
}

// uploadInSteps is uploadForm for a page that shows each step as it happens.
func (s *server) uploadInSteps(c *gin.Context) error {
	out, err := s.streamParts(c, "home")
	if err != nil {
		return err
	}
	u := &uploadStream{s: s, c: c, out: out}
	leave, err := s.place()
	if err != nil {
		return u.refuse(err)
	}
	defer leave()
	name, data, err := uploadedFile(c)
	if err != nil {
		return u.refuse(err)
	}
	person, err := s.callerOrGuest(c) // before the first step, as no cookie can follow it
	if err != nil {
		return u.refuse(err)
	}
	u.reach()
	ctx := c.Request.Context()
	read, err := s.Intake.Read(resume.Watch(ctx, func(resume.Step) { u.reach() }), name, data)
	if err != nil {
		return u.refuse(err)
	}
	u.reach()
	if err := s.Intake.Keep(gateway.ForPerson(ctx, person.ID), person.ID, read); err != nil {
		return u.refuse(err)
	}
	u.reach()
	return out.send("gapwise:go", "upload-address", frame{Page: &uploadView{Address: "/resumes/" + read.ID.String()}})
}

// uploadForm keeps an uploaded resume and shows it; a problem shows the form again.
func (s *server) uploadForm(c *gin.Context) error {
	if s.wantsStream(c) {
		return s.uploadInSteps(c)
	}
	u, err := s.receive(c)
	if err == nil {
		c.Redirect(http.StatusSeeOther, "/resumes/"+u.ID.String())
		return nil
	}
	p, ok := s.formProblem(c, err)
	if !ok {
		return err
	}
	p.Field = "file" // the only one that there is
	return s.home(c, p.Status, frame{Problem: p})
}
