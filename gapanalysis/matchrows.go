package gapanalysis

import (
	"bytes"
	"hash/fnv"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/posting"
)

// IndexedPosting is what an index in memory is told of a posting.
type IndexedPosting struct {
	ID        uuid.UUID
	Live      bool // else it is to go
	Title     string
	Company   string
	Location  string
	Remote    string
	Seniority string
	Language  string
	Speaks    string
	Currency  string
	Pay       int64     // hundredths of Currency a year
	PostedOn  time.Time // zero when unknown
	CreatedAt time.Time
	Asks      []posting.Requirement // without words
	Vector    []float32             // nil for none
}

// blockRows is how many rows stand together. Blocks are made whole, so that growing copies nothing.
const blockRows = 4096

// block holds rows column by column: a scan reads few columns of most rows.
type block struct {
	rows   int
	id     [blockRows]uuid.UUID
	end    [blockRows]uint32 // of the row's asks, which begin where those of the row before end
	musts  [blockRows]uint8  // of the row's asks the first so many are musts
	asks   []uint16          // places in matchRows.asked
	title  [blockRows]uint32 // places in the lists of the same names
	place  [blockRows]uint32
	firm   [blockRows]uint32 // hash of the company in small letters
	pay    [blockRows]uint32 // whole units
	came   [blockRows]uint32 // seconds since 1970
	day    [blockRows]uint16 // days since 1970, 0 unknown
	facts  [blockRows]uint8  // see below
	tongue [blockRows]uint8
	coin   [blockRows]uint8
	sketch [blockRows]sketch
	factor [blockRows]float32 // 0 for a row without a vector
}

// Bits of facts.
const (
	factLive   = 1
	factRemote = 1 // two bits, from this one on
	factRung   = 3 // three
)

var remotes = []string{"", "no", "hybrid", "yes"}

// asked is what rows ask for: a skill at a level, as a must or not, named by the title or not.
type asked struct {
	skill      string
	level      int
	must, core bool
}

// tongue is the language that a posting is written in, and those that it cannot do without.
type tongue struct{ written, speaks string }

// matchRows are postings in memory, some 110 bytes each. It is not safe for concurrent use.
type matchRows struct {
	catalog *catalog.Catalog
	bridge  *TitleBridge
	turn    *rotation
	scratch []float32

	blocks []*block
	live   int
	dead   int
	order  []uint32 // the rows that live or lived last under an id, by id

	asked   listOf[asked]
	weighs  []float32 // what each of asked counts among those of a posting
	core    []bool    // whether the title names it
	titles  listOf[string]
	places  listOf[string] // in small letters
	tongues listOf[tongue]
	coins   listOf[string]
}

// listOf numbers values.
type listOf[T comparable] struct {
	list []T
	at   map[T]uint32
}

// number is the place of a value, which is added where it is new and there are no more than most.
func (l *listOf[T]) number(v T, most int) (n uint32, ok bool) {
	if n, ok := l.at[v]; ok {
		return n, true
	}
	if len(l.list) >= most {
		return 0, false
	}
	if l.at == nil {
		l.at = map[T]uint32{}
	}
	n = uint32(len(l.list)) //nolint:gosec // G115: bounded by most
	l.at[v] = n
	l.list = append(l.list, v)
	return n, true
}

func newMatchRows(c *catalog.Catalog, b *TitleBridge, dimensions int) *matchRows {
	r := &matchRows{catalog: c, bridge: b, turn: newRotation(dimensions)}
	r.tongues.number(tongue{}, 1) // unknown is 0 in both
	r.coins.number("", 1)
	return r
}

// rowID is the id of a row.
func (r *matchRows) rowID(row uint32) *uuid.UUID { return &r.blocks[row/blockRows].id[row%blockRows] }

// find is the place of an id in order, and whether it stands there.
func (r *matchRows) find(id uuid.UUID) (int, bool) {
	return slices.BinarySearchFunc(r.order, id, func(row uint32, id uuid.UUID) int { return bytes.Compare(r.rowID(row)[:], id[:]) })
}

// put takes postings in, in place of what stood under their ids, or out.
func (r *matchRows) put(list []IndexedPosting) {
	slices.SortStableFunc(list, func(a, b IndexedPosting) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	var fresh []uint32 // rows of ids that are new and do not come last
	for i := range list {
		p := &list[i]
		if i+1 < len(list) && list[i+1].ID == p.ID {
			continue // the later one counts
		}
		last := len(r.order) == 0
		if !last {
			last = bytes.Compare(r.rowID(r.order[len(r.order)-1])[:], p.ID[:]) < 0
		}
		at, there := len(r.order), false
		if !last {
			at, there = r.find(p.ID)
		}
		if there {
			r.drop(r.order[at])
		}
		if !p.Live {
			continue
		}
		row := r.add(p)
		switch {
		case there:
			r.order[at] = row
		case last:
			r.order = append(r.order, row)
		default:
			fresh = append(fresh, row)
		}
	}
	r.merge(fresh)
}

// drop takes a row out of what is scanned.
func (r *matchRows) drop(row uint32) {
	facts := &r.blocks[row/blockRows].facts[row%blockRows]
	if *facts&factLive != 0 {
		*facts &^= factLive
		r.live--
		r.dead++
	}
}

// merge puts rows, which ascend by id, where they belong in order.
func (r *matchRows) merge(fresh []uint32) {
	if len(fresh) == 0 {
		return
	}
	out := make([]uint32, 0, len(r.order)+len(fresh)+len(r.order)/8)
	for _, row := range r.order {
		for len(fresh) > 0 && bytes.Compare(r.rowID(fresh[0])[:], r.rowID(row)[:]) < 0 {
			out, fresh = append(out, fresh[0]), fresh[1:]
		}
		out = append(out, row)
	}
	r.order = append(out, fresh...)
}

// Bounds on what the columns can number. What is beyond is found by what else there is of it.
const (
	mostAsked   = 1 << 16
	mostTitles  = 1 << 20
	mostPlaces  = 1 << 20
	mostTongues = 1 << 8
	mostAsks    = 64 // of one posting
)

// add appends a row.
func (r *matchRows) add(p *IndexedPosting) uint32 {
	if n := len(r.blocks); n == 0 || r.blocks[n-1].rows == blockRows {
		if n > 0 {
			r.blocks[n-1].asks = slices.Clip(r.blocks[n-1].asks)
		}
		r.blocks = append(r.blocks, &block{asks: make([]uint16, 0, blockRows*10)})
	}
	b := r.blocks[len(r.blocks)-1]
	i := b.rows
	b.rows++
	r.live++
	b.id[i] = p.ID
	r.addAsks(b, i, p)
	if n, ok := r.titles.number(p.Title, mostTitles); ok {
		b.title[i] = n + 1
	}
	if n, ok := r.places.number(strings.ToLower(p.Location), mostPlaces); ok {
		b.place[i] = n + 1
	}
	if n, ok := r.tongues.number(tongue{p.Language, p.Speaks}, mostTongues); ok {
		b.tongue[i] = uint8(n) //nolint:gosec // G115: bounded
	}
	if n, ok := r.coins.number(p.Currency, mostTongues); ok {
		b.coin[i] = uint8(n) //nolint:gosec // G115: bounded
	}
	b.firm[i] = firmHash(p.Company)
	b.pay[i] = uint32(max(0, min(p.Pay/100, math.MaxUint32)))
	b.came[i] = uint32(max(0, min(p.CreatedAt.Unix(), math.MaxUint32)))
	b.day[i] = indexDay(p.PostedOn)
	rung := postingRung(&posting.Posting{Title: p.Title, Seniority: p.Seniority})
	b.facts[i] = factLive | uint8(max(0, slices.Index(remotes, p.Remote)))<<factRemote | uint8(rung)<<factRung //nolint:gosec // G115: small
	if len(p.Vector) > 0 {
		if len(r.scratch) < r.turn.size {
			r.scratch = make([]float32, r.turn.size)
		}
		b.sketch[i], b.factor[i] = r.turn.of(p.Vector, r.scratch)
	}
	return uint32(len(r.blocks)-1)*blockRows + uint32(i) //nolint:gosec // G115: bounded by MostIndexed
}

// addAsks writes what row i asks for, musts first.
func (r *matchRows) addAsks(b *block, i int, p *IndexedPosting) {
	title := newTitleText(p.Title)
	for _, musts := range []bool{true, false} {
		for _, q := range p.Asks[:min(len(p.Asks), mostAsks)] {
			if q.Must != musts {
				continue
			}
			n, ok := r.asked.number(asked{q.Skill, q.Level, q.Must, r.bridge.named(title, r.catalog, q.Skill)}, mostAsked)
			if !ok {
				continue
			}
			if int(n) == len(r.weighs) {
				a := r.asked.list[n]
				r.weighs, r.core = append(r.weighs, float32(weighsIn(r.catalog, a.skill))), append(r.core, a.core)
			}
			b.asks = append(b.asks, uint16(n)) //nolint:gosec // G115: bounded
			if musts {
				b.musts[i]++
			}
		}
	}
	b.end[i] = uint32(len(b.asks)) //nolint:gosec // G115: at most mostAsks a row
}

// indexDay is a day in the columns' count.
func indexDay(t time.Time) uint16 {
	if t.IsZero() {
		return 0
	}
	return uint16(max(1, min(t.Unix()/86_400, math.MaxUint16)))
}

// firmHash is the hash that companies are left out by. Of fifty companies that a person hides, one in a million others shares a hash by chance
// once in a hundred times.
func firmHash(company string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(strings.ToLower(company)))
	return h.Sum32()
}

// wasteful tells whether so many rows are dead that it is time to begin anew.
func (r *matchRows) wasteful() bool { return r.dead > 10_000+r.live/4 }
