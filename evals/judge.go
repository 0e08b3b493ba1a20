package evals

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/gapwise/gapwise/prompts"
)

// judgeModel is the name under which a judge is asked: the route that a cassette or a real endpoint answers.
const judgeModel = "judge"

// judge has a language model say which lines of a rubric a text meets, by the template that live runs of the tutor use and by the same stub as
// the service's model, so that what it said is in the cassette. It is not billed to anybody's books.
func judge(ctx context.Context, stub *Stub, text string, lines []string) ([]bool, error) {
	library, err := prompts.Load()
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	data := prompts.Judge{Task: "An answer of a career tutor.", Answer: text}
	for i, line := range lines {
		data.Criteria = append(data.Criteria, prompts.Criterion{ID: lineID(i), Text: line})
	}
	p, err := library.Render(prompts.JudgeID, data)
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	request := map[string]any{
		"model": judgeModel, "max_tokens": p.MaxTokens, "temperature": p.Temperature, "messages": p.Messages,
		"response_format": map[string]any{"type": "json_schema", "json_schema": map[string]any{"name": p.ID, "strict": true, "schema": p.Schema}},
	}
	b, err := json.Marshal(request)
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, stub.URL()+"/chat/completions", bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	defer func() { _ = resp.Body.Close() }() // only read
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxRequest))
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	var out struct {
		Choices []struct {
			Message struct {
				Content string `json:"content"`
			} `json:"message"`
		} `json:"choices"`
	}
	var said struct {
		Verdicts []struct {
			ID      string `json:"id"`
			Verdict string `json:"verdict"`
		} `json:"verdicts"`
	}
	if resp.StatusCode != http.StatusOK || json.Unmarshal(body, &out) != nil || len(out.Choices) == 0 {
		return nil, fmt.Errorf("the judge gave no answer: %d %s", resp.StatusCode, clip(string(body), 200))
	}
	met := make([]bool, len(lines))
	seen := map[string]bool{}
	err = json.Unmarshal([]byte(out.Choices[0].Message.Content), &said)
	for _, v := range said.Verdicts {
		seen[v.ID] = true
		for i := range lines {
			met[i] = met[i] || v.ID == lineID(i) && v.Verdict == "pass"
		}
	}
	for i := range lines {
		if err != nil || !seen[lineID(i)] {
			return nil, fmt.Errorf("expected the judge to give a verdict on each of %d lines; came %s", len(lines), clip(out.Choices[0].Message.Content, 200))
		}
	}
	return met, nil
}

// lineID is what the judge calls a line of a rubric.
func lineID(i int) string { return fmt.Sprintf("line-%d", i+1) }
