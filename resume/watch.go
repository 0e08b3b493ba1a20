package resume

import "context"

// Step is something that reading a file has done.
type Step string

// The steps of reading, in order. A file that is refused stops before one of them.
const (
	StepOpened   Step = "opened"   // it is of a type that is read, whole, and has no password
	StepText     Step = "text"     // its text and lines are there
	StepSections Step = "sections" // and its sections and positions
)

type watcher struct{}

// Watch has Read tell of each step that it has done with this context, in the goroutine that called it.
func Watch(ctx context.Context, tell func(Step)) context.Context {
	return context.WithValue(ctx, watcher{}, tell)
}

func done(ctx context.Context, steps ...Step) {
	tell, ok := ctx.Value(watcher{}).(func(Step))
	if !ok {
		return
	}
	for _, s := range steps {
		tell(s)
	}
}
