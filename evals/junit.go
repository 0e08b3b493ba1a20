package evals

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// The elements of a JUnit report, as Jenkins, GitLab and their like read it.
type (
	junitRoot struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Time     string      `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		File    string        `xml:"file,attr"`
		Time    string        `xml:"time,attr"`
		Failure *junitFailure `xml:"failure,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit is the report as JUnit XML. What is red about the run as a whole is a suite of its own.
func (r *Report) JUnit() ([]byte, error) {
	root := junitRoot{Name: "gapwise evals. " + r.Note, Time: seconds(r.Took.Milliseconds())}
	for _, s := range r.Suites {
		suite := junitSuite{Name: s.Suite, Tests: s.Cases, Failures: s.Cases - s.Passed, Time: seconds(s.MS)}
		for i := range r.Cases {
			c := &r.Cases[i]
			if c.Suite != s.Suite {
				continue
			}
			one := junitCase{Class: "evals." + c.Suite, Name: c.ID, File: c.Place, Time: seconds(c.MS)}
			if !c.Passed {
				one.Failure = &junitFailure{Message: c.About, Type: "eval", Text: strings.Join(c.Messages, "\n")}
			}
			suite.Cases = append(suite.Cases, one)
		}
		root.Suites = append(root.Suites, suite)
	}
	if len(r.Reasons) > 0 {
		suite := junitSuite{Name: "limits", Time: seconds(0)}
		for i, reason := range r.Reasons {
			suite.Cases = append(suite.Cases, junitCase{
				Class: "evals.limits", Name: fmt.Sprintf("limit-%d", i+1), File: "evals/suites.yaml", Time: seconds(0),
				Failure: &junitFailure{Message: reason, Type: "limit", Text: reason},
			})
		}
		suite.Tests, suite.Failures = len(suite.Cases), len(suite.Cases)
		root.Suites = append(root.Suites, suite)
	}
	for _, s := range root.Suites {
		root.Tests, root.Failures = root.Tests+s.Tests, root.Failures+s.Failures
	}
	b, err := xml.MarshalIndent(root, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write JUnit: %w", err)
	}
	return append([]byte(xml.Header), append(b, '\n')...), nil
}

func seconds(ms int64) string { return fmt.Sprintf("%.3f", float64(ms)/1000) }
