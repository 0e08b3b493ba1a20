package main

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/config"
	"github.com/gapwise/gapwise/internal/fault"
)

// routesFrom reads a file of routes as serve does.
func routesFrom(t *testing.T, text string) (gateway.Options, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "routes.json")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	prices, err := gateway.LoadPrices()
	if err != nil {
		t.Fatal(err)
	}
	o := gateway.Options{Prices: prices, Log: slog.New(slog.DiscardHandler)}
	err = addRoutes(&config.Config{Routes: name, Retries: "1", Hedge: "3s"}, &o)
	return o, err
}

func TestRoutes(t *testing.T) {
	const a = `{"name": "a", "base_url": "http://127.0.0.1:1/v1", "model": "gpt-5"}`
	const b = `{"name": "b", "base_url": "http://127.0.0.1:1/v1", "model": "own", "price_input": "0", "price_output": "0"}`
	for name, tc := range map[string]struct {
		file    string
		models  map[string][]string
		builtin map[string]bool
		wrong   string // a part of the message; "" for a good file
	}{
		"by purpose": {
			`{"chat": [` + a + `,` + b + `], "judge": [` + a + `]}`, map[string][]string{"chat": {"gpt-5", "own"}, "judge": {"gpt-5"}}, map[string]bool{}, "",
		},
		"the built-in tutor last": {`{"chat": [` + a + `,{"builtin": true}]}`, map[string][]string{"chat": {"gpt-5"}}, map[string]bool{"chat": true}, ""},
		"and not":                 {`{"chat": [` + a + `,{"builtin": false}]}`, map[string][]string{"chat": {"gpt-5"}}, map[string]bool{"chat": false}, ""},
		"nothing but it":          {`{"quiz": [{"builtin": true}]}`, map[string][]string{"quiz": {}}, map[string]bool{"quiz": true}, ""},
		"the former name": {
			`{"tutor": [` + a + `], "quiz": [` + b + `]}`, map[string][]string{"tutor": {"gpt-5"}, "chat": {"gpt-5"}, "quiz": {"own"}, "review": {"gpt-5"}}, map[string]bool{}, "",
		},
		"it in the middle":  {`{"chat": [{"builtin": true},` + a + `]}`, nil, nil, "builtin stands alone"},
		"a model beside it": {`{"chat": [{"builtin": true, "model": "gpt-5"}]}`, nil, nil, "builtin stands alone"},
		"no such purpose":   {`{"chats": [` + a + `]}`, nil, nil, `"chats" is no purpose`},
		"no such field":     {`{"chat": [{"modell": "x"}]}`, nil, nil, "modell"},
		"no model":          {`{"chat": [{"base_url": "http://127.0.0.1:1/v1"}]}`, nil, nil, "needs model and base_url"},
		"a bad price":       {`{"chat": [{"base_url": "x", "model": "own", "price_input": "much", "price_output": "0"}]}`, nil, nil, "price_input"},
		"no JSON":           {`chat`, nil, nil, "invalid character"},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := routesFrom(t, tc.file)
			if tc.wrong != "" {
				if !errors.Is(err, fault.Usage) || !strings.Contains(err.Error(), tc.wrong) {
					t.Errorf("%v, want wrong use that says %q", err, tc.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			models := map[string][]string{}
			for purpose, list := range o.Routes {
				models[purpose] = []string{}
				for _, target := range list {
					models[purpose] = append(models[purpose], target.Model)
				}
			}
			if d := cmp.Diff(tc.models, models) + cmp.Diff(tc.builtin, o.Builtin); d != "" {
				t.Error(d)
			}
		})
	}
}
