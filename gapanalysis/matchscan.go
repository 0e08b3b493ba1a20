package gapanalysis

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/internal/mutant"
)

// scan is a search through all rows for those of the highest score: exact but for the cosine, which a sketch tells. A row is given up as
// soon as what is left to add cannot lift it among the best so far.
type scan struct {
	rows    *matchRows
	matcher *Matcher
	vector  *sketchQuery // nil for a resume without one
	most    int

	// What is asked for, by its place in matchRows.asked: what it weighs, and that times the person's credit.
	weighs, gives []float32
	credit        []float32
	core          []bool // named by the title
	rung          [8]float32
	far           [8]bool   // two rungs or more
	days          []float32 // freshness by age in days
	today         uint16
	foreign       []bool

	pass filterRows

	mu     sync.Mutex    // over the matcher, which compares titles
	floor  atomic.Uint32 // bits of a score below which nothing can be among the best
	blocks atomic.Int64
}

// filterRows is a filter on columns.
type filterRows struct {
	remote  int    // place in remotes; 0 for any
	places  []bool // by place+1; nil for any
	pay     uint32
	coin    int // -1 for any
	since   uint32
	firms   map[uint32]bool
	nothing bool // a filter that no row can pass
}

// ranked is a row with its score.
type ranked struct {
	score float32
	row   uint32
}

// best scans and gives the ids of the best rows, in order.
func (r *matchRows) best(m *Matcher, a Anchor, f Filter, most int) []uuid.UUID {
	s := &scan{rows: r, matcher: m, most: most, pass: r.filter(f, a.Hidden)}
	if s.pass.nothing || r.live == 0 {
		return nil
	}
	if len(a.Vector) > 0 {
		s.vector = r.turn.query(a.Vector)
	}
	s.prepare(a.Language)
	workers := min(runtime.GOMAXPROCS(0), len(r.blocks), 4)
	found := make([][]ranked, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() { found[w] = s.work() })
	}
	wg.Wait()
	all := slices.Concat(found...)
	slices.SortFunc(all, func(a, b ranked) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.row, b.row)) })
	out := make([]uuid.UUID, 0, most)
	for _, x := range all[:min(len(all), most)] {
		out = append(out, *r.rowID(x.row))
	}
	return out
}

// filter is a filter on columns. The database passes what is found through the filter itself once more.
func (r *matchRows) filter(f Filter, hidden []string) filterRows {
	out := filterRows{coin: -1, pay: uint32(max(0, min(f.Pay, math.MaxUint32)))}
	if f.Remote != "" && !mutant.On(mutant.RemoteIgnored) {
		out.remote = slices.Index(remotes, f.Remote)
	}
	if f.Currency != "" && f.Pay > 0 {
		n, ok := r.coins.at[f.Currency]
		out.coin, out.nothing = int(n), !ok
	}
	if !f.Since.IsZero() {
		out.since = uint32(max(0, min(f.Since.Unix(), math.MaxUint32)))
	}
	if f.Location != "" {
		part := strings.ToLower(f.Location)
		out.places = make([]bool, len(r.places.list)+1)
		for i, name := range r.places.list {
			out.places[i+1] = strings.Contains(name, part)
		}
		out.places[0] = true // beyond what is numbered
	}
	if len(f.Exclude)+len(hidden) > 0 {
		out.firms = map[uint32]bool{}
		for _, c := range slices.Concat(f.Exclude, hidden) {
			out.firms[firmHash(c)] = true
		}
	}
	return out
}

// passes tells whether row i of a block lives and passes.
func (p *filterRows) passes(b *block, i int) bool {
	switch facts := b.facts[i]; {
	case facts&factLive == 0, p.remote != 0 && int(facts>>factRemote&3) != p.remote:
		return false
	case p.places != nil && !p.places[b.place[i]]:
		return false
	case p.pay > 0 && (b.pay[i] < p.pay || p.coin >= 0 && int(b.coin[i]) != p.coin):
		return false
	case b.came[i] < p.since:
		return false
	}
	return p.firms == nil || !p.firms[b.firm[i]]
}

// prepare makes the tables.
func (s *scan) prepare(language string) {
	m, list := s.matcher, s.rows.asked.list
	s.weighs, s.core, s.gives, s.credit = s.rows.weighs, s.rows.core, make([]float32, len(list)), make([]float32, len(list))
	for i, a := range list {
		s.credit[i] = float32(m.creditOf(a.skill, a.level))
		s.gives[i] = s.weighs[i] * s.credit[i]
	}
	for rung := range s.rung {
		fit := rungFit(m.rung, rung)
		s.rung[rung], s.far[rung] = float32(m.weights.Rung*fit), fit < rungTwoApart+0.01
	}
	const oldest = 400 // days, by which nothing is left
	s.today = indexDay(m.today)
	s.days = make([]float32, oldest)
	for age := range s.days {
		s.days[age] = float32(m.weights.Fresh * math.Exp(-float64(age)/freshDays))
	}
	s.foreign = make([]bool, mostTongues)
	for i, t := range s.rows.tongues.list {
		s.foreign[i] = t.written != "" && t.written != "en" && t.written != language || m.unspoken(t.speaks) != ""
	}
}

// freshness is what a row's age adds.
func (s *scan) freshness(day uint16) float32 {
	switch {
	case day == 0:
		return float32(0.5 * s.matcher.weights.Fresh)
	case day >= s.today:
		return s.days[0]
	}
	return s.days[min(int(s.today-day), len(s.days)-1)]
}

// work scans blocks until none is left.
func (s *scan) work() []ranked {
	best := make([]ranked, 0, 2*s.most)
	titles := make([]float32, len(s.rows.titles.list)+1) // one more than how well they fit; 0 is not known
	for {
		n := int(s.blocks.Add(1)) - 1
		if n >= len(s.rows.blocks) {
			return best
		}
		b := s.rows.blocks[n]
		for i := range b.rows {
			if !s.pass.passes(b, i) {
				continue
			}
			floor := math.Float32frombits(s.floor.Load())
			if score, ok := s.score(b, i, floor, titles); ok && score > floor {
				if best = append(best, ranked{score, uint32(n*blockRows + i)}); len(best) == cap(best) { //nolint:gosec // G115: bounded by MostIndexed
					best = s.cut(best)
				}
			}
		}
	}
}

// cut keeps the best and raises the floor to the last of them.
func (s *scan) cut(best []ranked) []ranked {
	slices.SortFunc(best, func(a, b ranked) int { return cmp.Compare(b.score, a.score) })
	best = best[:s.most]
	for least := math.Float32bits(best[s.most-1].score); ; { // of floats that are not negative the bits ascend
		was := s.floor.Load()
		if was >= least || s.floor.CompareAndSwap(was, least) {
			return best
		}
	}
}

// score is that of MatchWeights.score over Matcher.Signals, but for rounding and the cosine. ok is false for a row that stays under the floor,
// or asks for nothing that is there.
func (s *scan) score(b *block, i int, floor float32, titles []float32) (score float32, ok bool) {
	w := &s.matcher.weights
	rung := b.facts[i] >> factRung & 7
	cut := float32(1)
	if s.far[rung] {
		cut *= float32(1 - w.RungCut)
	}
	if s.foreign[b.tongue[i]] {
		cut *= float32(1 - w.ForeignCut)
	}
	score = s.rung[rung] + s.freshness(b.day[i])
	rest := float32(w.Must + w.Nice + w.Core + w.Near + w.Title)
	if (score+rest)*cut <= floor {
		return 0, false
	}
	from, end := 0, int(b.end[i])
	if i > 0 {
		from = int(b.end[i-1])
	}
	asks := b.asks[from:end]
	musts := int(b.musts[i])
	var got, all float32
	for _, n := range asks[:musts] {
		got += s.gives[n]
		all += s.weighs[n]
	}
	if musts > 0 {
		score += float32(w.Must) * (got + 0.5*priorMust) / (all + priorMust)
		if rest -= float32(w.Must); (score+rest)*cut <= floor {
			return 0, false
		}
	}
	var nice, nices, core, cores float32
	for _, n := range asks[musts:] {
		nice += s.gives[n]
		nices += s.weighs[n]
	}
	for _, n := range asks {
		if s.core[n] {
			core += s.credit[n]
			cores++
		}
	}
	if got == 0 && nice == 0 {
		return 0, false
	}
	met := (nice + 0.5*priorMust) / (nices + priorMust)
	if musts == 0 {
		score += float32(w.Must) * met
	}
	score += float32(w.Nice) * met
	if score += float32(w.Core) * 0.5; cores > 0 {
		score += float32(w.Core) * (core/cores - 0.5)
	}
	if (score+float32(w.Near+w.Title))*cut <= floor {
		return 0, false
	}
	score += float32(w.Title) * s.title(b.title[i], titles)
	if (score+float32(w.Near))*cut <= floor { // a title that was met before costs less than a sketch
		return 0, false
	}
	if s.vector != nil && b.factor[i] != 0 {
		score += float32(w.Near) * max(0, min(1, s.vector.cosine(&b.sketch[i], b.factor[i])))
	}
	return score * cut, true
}

// title is how well a title fits.
func (s *scan) title(n uint32, known []float32) float32 {
	if fit := known[n]; fit > 0 {
		return fit - 1
	}
	title := ""
	if n > 0 {
		title = s.rows.titles.list[n-1]
	}
	s.mu.Lock()
	fit := float32(s.matcher.titles.fit(title))
	s.mu.Unlock()
	known[n] = fit + 1
	return fit
}
