package gateway

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
)

// Scope is what a budget is over.
type Scope string

// The scopes of budgets. Days and months are those of Caps.Zone.
const (
	ScopeRequest       Scope = "request"
	ScopePersonDay     Scope = "person-day"
	ScopePersonMonth   Scope = "person-month"
	ScopeGroupDay      Scope = "group-day"
	ScopeGroupMonth    Scope = "group-month"
	ScopeInstanceDay   Scope = "instance-day"
	ScopeInstanceMonth Scope = "instance-month"
)

// Caps are the most that may be spent, and where the days begin in which it may.
type Caps struct {
	Request       Nano
	PersonDay     Nano
	PersonMonth   Nano // 0 for no such cap
	GroupDay      Nano // 0 for no such cap
	GroupMonth    Nano // 0 for no such cap
	InstanceDay   Nano
	InstanceMonth Nano
	Zone          *time.Location // nil for UTC
}

// DefaultCaps are in force where nothing is configured: pocket money, so that a mistake costs little.
var DefaultCaps = Caps{Request: Dollar / 20, PersonDay: Dollar / 2, InstanceDay: 5 * Dollar, InstanceMonth: 50 * Dollar}

// Window is one budget in one day or month.
type Window struct {
	Scope    Scope
	Subject  string    // the person's id or the group's name; "" for the instance
	Start    time.Time // the first day of it, as a date: midnight in UTC, whatever the zone
	Cap      Nano
	ResetsAt time.Time // when the next window of the same budget begins
}

// WindowKey is a window without its cap.
type WindowKey struct {
	Scope   Scope
	Subject string
	Start   time.Time
}

// Key is the window's identity.
func (w Window) Key() WindowKey { return WindowKey{w.Scope, w.Subject, w.Start} }

// rank is the order in which rows are locked, of all transactions: what most calls share comes last, so that it is locked for the
// shortest time, and no two calls wait for each other in a circle.
func (s Scope) rank() int {
	for i, other := range []Scope{ScopePersonDay, ScopePersonMonth, ScopeGroupDay, ScopeGroupMonth, ScopeInstanceMonth} {
		if s == other {
			return i
		}
	}
	return 5 // the instance's day
}

// CompareKeys is the order in which rows of windows are locked.
func CompareKeys(a, b WindowKey) int {
	switch {
	case a.Scope != b.Scope:
		return a.Scope.rank() - b.Scope.rank()
	case a.Subject < b.Subject:
		return -1
	case a.Subject > b.Subject:
		return 1
	}
	return a.Start.Compare(b.Start)
}

// Windows are the budgets that a call at a time falls under, in the order in which their rows are locked.
func (c Caps) Windows(at time.Time, person uuid.UUID, group string) []Window {
	local := at.In(c.zone())
	year, month, day := local.Date()
	date := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	dayOf := Window{Start: date(year, month, day), ResetsAt: firstOf(year, month, day+1, c.zone())}
	monthOf := Window{Start: date(year, month, 1), ResetsAt: firstOf(year, month+1, 1, c.zone())}
	out := make([]Window, 0, 6)
	add := func(w Window, scope Scope, subject string, limit Nano) {
		w.Scope, w.Subject, w.Cap = scope, subject, limit
		out = append(out, w)
	}
	if person != uuid.Nil {
		subject := person.String()
		add(dayOf, ScopePersonDay, subject, c.PersonDay)
		if c.PersonMonth > 0 {
			add(monthOf, ScopePersonMonth, subject, c.PersonMonth)
		}
	}
	if group != "" {
		if c.GroupDay > 0 {
			add(dayOf, ScopeGroupDay, group, c.GroupDay)
		}
		if c.GroupMonth > 0 {
			add(monthOf, ScopeGroupMonth, group, c.GroupMonth)
		}
	}
	add(monthOf, ScopeInstanceMonth, "", c.InstanceMonth)
	add(dayOf, ScopeInstanceDay, "", c.InstanceDay)
	return out
}

func (c Caps) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

// firstOf is the first moment of a day in a zone. Where the clocks are put forward at midnight a day has no 0:00 and begins at 1:00.
func firstOf(year int, month time.Month, day int, zone *time.Location) time.Time {
	want := time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
	t := time.Date(year, month, day, 0, 0, 0, 0, zone)
	for t.Day() != want.Day() { // an hour that does not exist became one of the day before
		t = t.Add(30 * time.Minute)
	}
	return t
}

// Reservation sets money aside for one call.
type Reservation struct {
	CallID        uuid.UUID
	Person        uuid.UUID // the zero id for the instance itself
	Group         string    // "" for none
	Purpose       string
	PromptVersion string
	Model         string
	Provider      string
	Amount        Nano
	Caps          Caps
	At            time.Time
}

// Windows are the budgets that the reservation is over, in the order in which their rows are locked.
func (r Reservation) Windows() []Window { return r.Caps.Windows(r.At, r.Person, r.Group) }

// Settlement ends a reservation with what the call did cost.
type Settlement struct {
	Cost      Nano
	Usage     Usage
	Estimated bool // the provider's report is missing or not whole, so some of it was counted or is the upper bound
	At        time.Time
	Record
}

// Record is what a call was like, for the ledger alone.
type Record struct {
	Outcome    string        // ok, cached, aborted, cut, refused, failed or abandoned; "" where nothing is known
	Cache      string        // "", exact or semantic
	Latency    time.Duration // from the request to the end of the answer
	FirstToken time.Duration // from the request to the first piece; 0 where none came
}

// Shortfall is the error of a reservation that would pass a cap. Nothing is set aside.
type Shortfall struct {
	Scope    Scope
	Subject  string
	Cap      Nano
	Left     Nano // of the budget with least left: cap less spent less reserved
	Unspent  Nano // cap less spent, the least of the budgets that are short
	Open     bool // other reservations are under way and may give some back
	ResetsAt time.Time
}

// Error implements error.
func (s *Shortfall) Error() string {
	return fmt.Sprintf("%s budget: %s left of %s", s.Scope, s.Left, s.Cap)
}

// Stand is what one window holds.
type Stand struct {
	Spent    Nano
	Reserved Nano // by calls under way, and by what replicas have drawn
}

// ShortOf is the shortfall of an amount over windows, or nil where it fits in all of them. stands are in the order of windows.
func ShortOf(amount Nano, windows []Window, stands []Stand) *Shortfall {
	var short *Shortfall
	open, unspent := false, Nano(math.MaxInt64)
	for i, w := range windows {
		s := stands[i]
		left := max(w.Cap-s.Spent-s.Reserved, 0)
		if amount <= left {
			continue
		}
		open = open || s.Reserved > 0
		unspent = min(unspent, max(w.Cap-s.Spent, 0))
		if short == nil || left < short.Left {
			short = &Shortfall{Scope: w.Scope, Subject: w.Subject, Cap: w.Cap, Left: left, ResetsAt: w.ResetsAt}
		}
	}
	if short != nil {
		short.Open, short.Unspent = open, unspent
	}
	return short
}

// Budget is how one budget of a person stands.
type Budget struct {
	Scope    Scope     `json:"scope"`
	Limit    Nano      `json:"limit"`
	Spent    Nano      `json:"spent"`
	Reserved Nano      `json:"reserved"`
	ResetsAt time.Time `json:"resets_at"`
}

// Ledger keeps budgets and calls. Every method is one transaction.
type Ledger interface {
	// Reserve sets the amount aside in every budget, or in none: then the error is a *Shortfall.
	Reserve(ctx context.Context, r Reservation) error
	// Settle books the cost and gives the reservation back. Settling a call again changes nothing.
	Settle(ctx context.Context, call uuid.UUID, s Settlement) error
	// Budgets are how windows stand, in their order. What has been settled through this ledger is in them.
	Budgets(ctx context.Context, windows []Window) ([]Stand, error)
}

// Budgets are the caller's budgets as they stand, the instance's first.
func (g *Gateway) Budgets(ctx context.Context, person uuid.UUID) ([]Budget, error) {
	who, err := g.account(ctx, person)
	if err != nil {
		return nil, err
	}
	windows := who.caps(g.o.Caps).Windows(g.o.Now(), person, who.Group)
	stands, err := g.o.Ledger.Budgets(ctx, windows)
	if err != nil {
		return nil, err
	}
	out := make([]Budget, len(windows))
	for i, w := range windows {
		out[len(windows)-1-i] = Budget{Scope: w.Scope, Limit: w.Cap, Spent: stands[i].Spent, Reserved: stands[i].Reserved, ResetsAt: w.ResetsAt}
	}
	return out, nil
}

func (g *Gateway) reservation(r Request, who Account, target Target, amount Nano) Reservation {
	return Reservation{
		CallID: ident.New(), Person: r.Person, Group: who.Group, Purpose: r.Purpose, PromptVersion: r.PromptVersion, Model: target.Model,
		Provider: target.Name, Amount: amount, Caps: who.caps(g.o.Caps), At: g.o.Now().UTC(),
	}
}

// unreadable turns a ledger's error into what the caller may see. Without the books nothing is asked of a model.
func unreadable(err error) error {
	if err != nil && fault.KindOf(err) == fault.Internal && !errors.Is(err, context.Canceled) {
		return fault.New(fault.Unavailable, "ledger-unavailable", "The budget could not be read, so nothing was asked of the model. Try again later.").Because(err)
	}
	return err
}

// refusal says which budget is in the way and when it opens again.
func refusal(s *Shortfall, need Nano) error {
	whose := map[Scope]string{
		ScopeRequest: "for one request", ScopePersonDay: "of yours for today", ScopePersonMonth: "of yours for this month",
		ScopeGroupDay: "of your group for today", ScopeGroupMonth: "of your group for this month",
		ScopeInstanceDay: "of this instance for today", ScopeInstanceMonth: "of this instance for this month",
	}[s.Scope]
	detail := fmt.Sprintf("The budget %s has $%s left of $%s; this could cost $%s.", whose, s.Left, s.Cap, need)
	var f *fault.Error
	switch {
	case s.Scope == ScopeRequest:
		f = fault.New(fault.BudgetExceeded, "budget-exceeded", detail+" Ask something shorter.")
	case s.Open:
		f = fault.New(fault.BudgetExceeded, "budget-exceeded", detail+" Other answers are under way; try again in a moment.").After(time.Second)
	default:
		f = fault.New(fault.BudgetExceeded, "budget-exceeded", detail+" It opens again at "+s.ResetsAt.UTC().Format(time.RFC3339)+".")
	}
	return f.Because(s)
}

type personKey struct{}

// ForPerson marks a context so that embeddings asked for with it go on the person's account.
func ForPerson(ctx context.Context, person uuid.UUID) context.Context {
	return context.WithValue(ctx, personKey{}, person)
}

func personFrom(ctx context.Context) uuid.UUID {
	id, _ := ctx.Value(personKey{}).(uuid.UUID)
	return id
}
