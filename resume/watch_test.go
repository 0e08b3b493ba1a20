package resume_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/internal/pagetext"
	"github.com/gapwise/gapwise/resume"
)

// given is an Extractor that has read a document before.
type given struct {
	doc pagetext.Document
	err error
}

func (g given) Extract(context.Context, pagetext.Format, []byte, pagetext.Limits) (pagetext.Document, error) {
	return g.doc, g.err
}

// A file is watched up to the step that refuses it.
func TestWatch(t *testing.T) {
	t.Parallel()
	whole := pagetext.Document{Pages: []pagetext.Page{{Lines: []pagetext.Line{{Cells: []string{"Maya Fernström"}}}}}}
	pdf := []byte("%PDF-1.7\n")
	all := []resume.Step{resume.StepOpened, resume.StepText, resume.StepSections}
	for name, tt := range map[string]struct {
		from given
		data []byte
		want []resume.Step
		code resume.Outcome
	}{
		"a PDF":             {given{doc: whole}, pdf, all, resume.OutcomeOK},
		"a scan":            {given{doc: pagetext.Document{Pages: []pagetext.Page{{}}}}, pdf, all[:1], resume.OutcomeNoText},
		"with a password":   {given{err: pagetext.Password}, pdf, nil, resume.OutcomePassword},
		"plain text":        {given{}, []byte("Maya Fernström"), all, resume.OutcomeOK},
		"plain but no text": {given{}, []byte(" \n "), nil, resume.OutcomeNoText},
		"a picture":         {given{}, []byte("\x89PNG\r\n\x1a\n"), nil, resume.OutcomeUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []resume.Step
			ctx := resume.Watch(t.Context(), func(s resume.Step) { got = append(got, s) })
			_, err := resume.NewReader(tt.from).Read(ctx, "a", tt.data)
			if o := resume.OutcomeOf(err); o != tt.code {
				t.Errorf("outcome %s (%v), want %s", o, err, tt.code)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("steps (-want +got):\n%s", diff)
			}
		})
	}
}
