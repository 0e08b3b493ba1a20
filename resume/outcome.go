package resume

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/internal/pagetext"
)

// outcomeFault is the class of an outcome and what to tell the person.
type outcomeFault struct {
	kind   fault.Kind
	detail string
}

// outcomeFaults has every outcome but OutcomeOK. The details say what to do, not what went wrong inside.
func outcomeFaults(o Outcome) outcomeFault {
	switch o {
	case OutcomeEmpty:
		return outcomeFault{fault.Unprocessable, "The file is empty. Choose the file again and upload it once more."}
	case OutcomePassword:
		return outcomeFault{fault.Unprocessable, "The file is protected with a password. Save a copy without a password and upload that."}
	case OutcomeNoText:
		return outcomeFault{
			fault.Unprocessable,
			"There is no text in the file: it is a scan or a picture of a resume. Export the resume as a PDF from the program it was written in, or paste it as plain text.",
		}
	case OutcomeBroken:
		return outcomeFault{fault.Unprocessable, "The file is damaged and cannot be opened. Export or save it again, or paste the resume as plain text."}
	case OutcomeTooLarge:
		return outcomeFault{fault.TooLarge, "The file is too large to read: at most 10 MiB, and a resume's worth of text. Export it without pictures, or paste it as plain text."}
	case OutcomeTooManyPages:
		return outcomeFault{fault.Unprocessable, "The file has more than 100 pages. Upload only the resume."}
	case OutcomeTimeout:
		return outcomeFault{fault.Unprocessable, "The file took too long to read. Export it again in a simpler form, or paste the resume as plain text."}
	case OutcomeBusy:
		return outcomeFault{fault.Unavailable, "Too many files are being read at the moment. Try again in a few seconds."}
	case OutcomeUnsupported, OutcomeOK:
	}
	return outcomeFault{fault.Unsupported, "This type of file is not read. Upload the resume as PDF, Word (.docx), OpenDocument (.odt), RTF, HTML, Markdown or plain text."}
}

// retryBusy is how long to wait when every reader is taken: about as long as a few readings last.
const retryBusy = 5 * time.Second

// failed gives both forms of an outcome: the document that the command line prints, and the fault that every other caller handles.
func failed(o Outcome, cause error) (*Document, error) {
	f := outcomeFaults(o)
	return failedWith(o, fault.New(f.kind, code(o), f.detail), cause)
}

func failedWith(o Outcome, err *fault.Error, cause error) (*Document, error) {
	if cause != nil {
		err = err.Because(cause)
	}
	if o == OutcomeBusy {
		err = err.After(retryBusy)
	}
	return newDocument(o), err
}

// code is an outcome as the code of a fault: in kebab-case.
func code(o Outcome) string { return strings.ReplaceAll(string(o), "_", "-") }

// OutcomeOf is the outcome that err stands for: OutcomeOK for nil, "" for an error that is no outcome of reading.
func OutcomeOf(err error) Outcome {
	if err == nil {
		return OutcomeOK
	}
	switch o := Outcome(strings.ReplaceAll(fault.CodeOf(err), "-", "_")); o {
	case OutcomeEmpty, OutcomePassword, OutcomeNoText, OutcomeBroken, OutcomeTooLarge, OutcomeTooManyPages, OutcomeTimeout,
		OutcomeUnsupported, OutcomeBusy:
		return o
	case OutcomeOK:
	}
	return ""
}

// outcomeOfReason maps why a reader has no text. ok is false for what is not the file's fault.
func outcomeOfReason(err error) (o Outcome, ok bool) {
	switch pagetext.ReasonOf(err) {
	case pagetext.Password:
		return OutcomePassword, true
	case pagetext.Broken:
		return OutcomeBroken, true
	case pagetext.TooManyPages:
		return OutcomeTooManyPages, true
	case pagetext.TooLarge:
		return OutcomeTooLarge, true
	case pagetext.Timeout:
		return OutcomeTimeout, true
	case pagetext.Busy:
		return OutcomeBusy, true
	case pagetext.Unstarted:
	}
	return "", false
}

// notRead is the error for a failure that is no outcome of the file: a cancelled request, or a reader that does not start.
func notRead(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fault.New(fault.Internal, "reader-failed", "The reader for files did not start. Try again; if it stays, tell whoever runs this service.").Because(err)
}

// instead says what to upload in place of a format that is not read.
func (f Format) instead() string {
	switch f {
	case FormatDOC:
		return "Documents of Word before 2007 are not read. Open it in Word or LibreOffice, save it as .docx or export it as PDF, and upload that."
	case FormatSpreadsheet:
		return "Spreadsheets are not read. Export the resume as PDF, or copy its text into a plain text file, and upload that."
	case FormatSlides:
		return "Presentations are not read. Export the slides as PDF and upload that."
	case FormatPages:
		return "Files of Pages, Numbers and Keynote are not read. Choose File, Export To, and PDF or Word, and upload that."
	case FormatEbook:
		return "E-books are not read. Export the resume as PDF or save it as .docx, and upload that."
	case FormatZip:
		return "An archive is only read if it is the data export of LinkedIn. Unpack it, and upload the resume itself as PDF or .docx."
	case FormatArchive:
		return "Archives are not read. Unpack it, and upload the resume itself as PDF or .docx."
	case FormatImage:
		return "Pictures are not read. Export the resume as a PDF from the program it was written in, or paste it as plain text."
	case FormatWebArchive:
		return "Saved web pages and mails in one file are not read. Print the page to a PDF, or save it as .html, and upload that."
	case FormatJSON:
		return "This JSON file is not in the schema of JSON Resume: it has no basics and no work. Upload a JSON Resume, a PDF or a .docx."
	case FormatXML:
		return "XML files are not read. Export the resume as PDF or .docx from the service that made it, and upload that."
	}
	return outcomeFaults(OutcomeUnsupported).detail
}
