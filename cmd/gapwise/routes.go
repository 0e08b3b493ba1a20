package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/gateway/openai"
	"github.com/gapwise/gapwise/internal/config"
	"github.com/gapwise/gapwise/internal/fault"
)

// routeFile is the JSON of LLM_ROUTES: models by purpose (those of gateway.Purposes; "" for every other), in the order in which to try them.
type routeFile map[string][]routeEntry

// routeEntry is a model of a provider or, as the last one of a route, whether the tutor that needs no model comes after them.
type routeEntry struct {
	Builtin     *bool         `json:"builtin"`
	Name        string        `json:"name"`
	BaseURL     string        `json:"base_url"`
	APIKey      config.Secret `json:"api_key"`
	Model       string        `json:"model"`
	PriceInput  string        `json:"price_input"` // dollars a million tokens, for a model that the price file lacks
	PriceOutput string        `json:"price_output"`
	Context     int           `json:"context"`
	FirstByte   string        `json:"first_byte"` // such as 20s
	Whole       string        `json:"whole"`
	NoTools     bool          `json:"no_tools"`
}

const maxRouteFile = 256 << 10

// formerTutor is what the route of the tutor's three purposes was called. It serves those of them that have none of their own.
const formerTutor = "tutor"

// addRoutes reads LLM_ROUTES and the settings of retries and hedging into o.
func addRoutes(cfg *config.Config, o *gateway.Options) error {
	bad := func(err error) error {
		return fault.Newf(fault.Usage, "invalid-routes", "LLM_ROUTES, LLM_RETRIES or LLM_HEDGE: %v.", err)
	}
	var err error
	if o.Retries, err = strconv.Atoi(cfg.Retries); err != nil || o.Retries < 0 || o.Retries > 5 {
		return bad(errors.New("LLM_RETRIES is a number from 0 to 5"))
	}
	if o.Hedge, err = duration(cfg.Hedge); err != nil {
		return bad(err)
	}
	if cfg.Routes == "" {
		return nil
	}
	file, err := readRoutes(cfg.Routes)
	if err != nil {
		return bad(err)
	}
	o.Routes, o.Builtin = map[string][]gateway.Target{}, map[string]bool{}
	for purpose, list := range file {
		o.Routes[purpose] = []gateway.Target{} // also where no model is in it: then none is asked
		for i, m := range list {
			if m.Builtin != nil {
				if i != len(list)-1 || m != (routeEntry{Builtin: m.Builtin}) {
					return bad(fmt.Errorf("%q: builtin stands alone, at the end of a route", purpose))
				}
				o.Builtin[purpose] = *m.Builtin
				continue
			}
			t, err := m.target(o)
			if err != nil {
				return bad(fmt.Errorf("%q, model %d: %w", purpose, i+1, err))
			}
			o.Routes[purpose] = append(o.Routes[purpose], t)
		}
	}
	return nil
}

// readRoutes reads the file, and refuses what would be ignored in it.
func readRoutes(name string) (routeFile, error) {
	b, err := os.ReadFile(name)
	if err != nil || len(b) > maxRouteFile {
		return nil, errors.Join(err, errors.New("the file cannot be read"))
	}
	in := json.NewDecoder(bytes.NewReader(b))
	in.DisallowUnknownFields()
	var file routeFile
	if err := in.Decode(&file); err != nil {
		return nil, err
	}
	known := append(gateway.Purposes(), "", formerTutor)
	for purpose := range file {
		if !slices.Contains(known, purpose) {
			return nil, fmt.Errorf("%q is no purpose; they are %q", purpose, gateway.Purposes())
		}
	}
	if former, ok := file[formerTutor]; ok {
		for _, purpose := range []string{gateway.PurposeChat, gateway.PurposeQuiz, gateway.PurposeReview} {
			if _, own := file[purpose]; !own {
				file[purpose] = former
			}
		}
	}
	return file, nil
}

// target is the entry as the gateway knows it. A price that it brings is added to those of o.
func (m routeEntry) target(o *gateway.Options) (t gateway.Target, err error) {
	if m.Model == "" || m.BaseURL == "" {
		return t, errors.New("it needs model and base_url")
	}
	t = gateway.Target{Name: m.Name, Model: m.Model, Provider: openai.New(m.BaseURL, string(m.APIKey)), Context: m.Context, NoTools: m.NoTools}
	if m.PriceInput != "" {
		price := gateway.Price{}
		if price.Input, err = dollars("price_input", m.PriceInput); err != nil {
			return t, err
		}
		if price.Output, err = dollars("price_output", m.PriceOutput); err != nil {
			return t, err
		}
		o.Prices = o.Prices.With(m.Model, price)
	}
	if price, err := o.Prices.Of(m.Model); err == nil && price.Free() && gateway.Local(m.BaseURL) {
		t = t.LocalTimeouts()
	}
	first, firstErr := duration(m.FirstByte)
	whole, wholeErr := duration(m.Whole)
	t.FirstByte, t.Whole = max(t.FirstByte, first), max(t.Whole, whole)
	return t, errors.Join(firstErr, wholeErr)
}

func duration(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	return time.ParseDuration(text)
}
