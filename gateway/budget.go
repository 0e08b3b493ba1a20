package gateway

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/ident"
)

// Scope is what a budget is over.
type Scope string

// The scopes of budgets. Days and months are those of UTC.
const (
	ScopeRequest       Scope = "request"
	ScopePersonDay     Scope = "person-day"
	ScopeInstanceDay   Scope = "instance-day"
	ScopeInstanceMonth Scope = "instance-month"
)

// Caps are the most that may be spent.
type Caps struct {
	Request       Nano
	PersonDay     Nano
	InstanceDay   Nano
	InstanceMonth Nano
}

// DefaultCaps are in force where nothing is configured: pocket money, so that a mistake costs little.
var DefaultCaps = Caps{Request: Dollar / 20, PersonDay: Dollar / 2, InstanceDay: 5 * Dollar, InstanceMonth: 50 * Dollar}

// Reservation sets money aside for one call.
type Reservation struct {
	CallID        uuid.UUID
	Person        uuid.UUID // the zero id for the instance itself
	Purpose       string
	PromptVersion string
	Model         string
	Amount        Nano
	Caps          Caps
	At            time.Time
}

// Settlement ends a reservation with what the call did cost.
type Settlement struct {
	Cost      Nano
	Usage     Usage
	Estimated bool
	At        time.Time
}

// Shortfall is the error of a reservation that would pass a cap. Nothing is set aside.
type Shortfall struct {
	Scope    Scope
	Cap      Nano
	Left     Nano // of the budget with least left: cap less spent less reserved
	Open     bool // other reservations are under way and may give some back
	ResetsAt time.Time
}

// Error implements error.
func (s *Shortfall) Error() string {
	return fmt.Sprintf("%s budget: %s left of %s", s.Scope, s.Left, s.Cap)
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
	// Budgets are the windows of the person's and the instance's budgets that now is in.
	Budgets(ctx context.Context, person uuid.UUID, caps Caps, now time.Time) ([]Budget, error)
}

// Budgets are the caller's budgets as they stand.
func (g *Gateway) Budgets(ctx context.Context, person uuid.UUID) ([]Budget, error) {
	return g.o.Ledger.Budgets(ctx, person, g.o.Caps, g.o.Now().UTC())
}

// DayOf and MonthOf are the starts of the windows that t is in; NextDay and NextMonth those of the ones after.
func DayOf(t time.Time) time.Time {
	t = t.UTC()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// MonthOf is the first day of the month that t is in.
func MonthOf(t time.Time) time.Time {
	t = t.UTC()
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

func (g *Gateway) reservation(r Request, amount Nano) Reservation {
	return Reservation{
		CallID: ident.New(), Person: r.Person, Purpose: r.Purpose, PromptVersion: r.PromptVersion, Model: r.Model,
		Amount: amount, Caps: g.o.Caps, At: g.o.Now().UTC(),
	}
}

// take reserves, and turns a shortfall into what the caller may see while keeping it in the chain.
func (g *Gateway) take(ctx context.Context, r Reservation) error {
	err := g.o.Ledger.Reserve(ctx, r)
	if short, ok := errors.AsType[*Shortfall](err); ok {
		return refusal(short, r.Amount)
	}
	if err != nil && fault.KindOf(err) == fault.Internal {
		return fault.New(fault.Unavailable, "ledger-unavailable", "The budget could not be read, so nothing was asked of the model. Try again later.").Because(err)
	}
	return err
}

// refusal says which budget is in the way and when it opens again.
func refusal(s *Shortfall, need Nano) error {
	whose := map[Scope]string{
		ScopeRequest: "for one request", ScopePersonDay: "of yours for today", ScopeInstanceDay: "of this instance for today", ScopeInstanceMonth: "of this instance for this month",
	}[s.Scope]
	detail := fmt.Sprintf("The budget %s has $%s left of $%s; this could cost $%s.", whose, s.Left, s.Cap, need)
	switch {
	case s.Scope == ScopeRequest:
		detail += " Ask something shorter."
	case s.Open:
		detail += " Other answers are under way; try again in a moment."
	default:
		detail += " It opens again at " + s.ResetsAt.Format(time.RFC3339) + "."
	}
	return fault.New(fault.BudgetExceeded, "budget-exceeded", detail).Because(s)
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
