package export

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

func newSheet(format string, w io.Writer, heads []string, amounts []bool) (sheet, error) {
	if format == CSV {
		return newCSV(w, heads)
	}
	return newWorkbook(w, heads, amounts)
}

type csvSheet struct{ w *csv.Writer }

func newCSV(w io.Writer, heads []string) (*csvSheet, error) {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil { // spreadsheet programs take it as UTF-8
		return nil, err
	}
	s := &csvSheet{csv.NewWriter(w)}
	s.w.UseCRLF = true
	return s, s.w.Write(heads)
}

func (s *csvSheet) Row(cells []string) error { return s.w.Write(Guard(cells)) }

func (s *csvSheet) Close() error {
	s.w.Flush()
	return s.w.Error()
}

var number = regexp.MustCompile(`^-[0-9.]+$`)

// Guard keeps a cell of a CSV that begins like a formula from being run by a spreadsheet; a
// negative amount stays a number.
func Guard(cells []string) []string {
	for i, c := range cells {
		if first, _ := utf8.DecodeRuneInString(c); c != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) && !number.MatchString(c) {
			cells[i] = "'" + c
		}
	}
	return cells
}

// workbook writes an Office Open XML spreadsheet (ISO/IEC 29500) of one sheet as a stream, so
// that memory stays flat however many rows there are. Texts are inline strings, which no
// program takes for a formula; amounts are numbers with two decimals.
type workbook struct {
	zip     *zip.Writer
	sheet   *bufio.Writer
	amounts []bool
	row     int
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// The styles: 0 plain, 1 bold for the heads, 2 an amount.
var workbookParts = []struct{ name, content string }{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`},
	{"xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`},
}

func newWorkbook(w io.Writer, heads []string, amounts []bool) (*workbook, error) {
	b := &workbook{zip: zip.NewWriter(w), amounts: amounts}
	for _, p := range workbookParts {
		part, err := b.zip.Create(p.name)
		if err == nil {
			_, err = io.WriteString(part, xmlHead+p.content)
		}
		if err != nil {
			return nil, err
		}
	}
	part, err := b.zip.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, err
	}
	b.sheet = bufio.NewWriterSize(part, 64<<10)
	b.sheet.WriteString(xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`)
	fmt.Fprintf(b.sheet, `<cols><col min="1" max="%d" width="20" customWidth="1"/></cols><sheetData>`, max(len(heads), 1))
	return b, b.write(heads, true)
}

func (b *workbook) Row(cells []string) error { return b.write(cells, false) }

var plainNumber = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

func (b *workbook) write(cells []string, head bool) error {
	b.row++
	fmt.Fprintf(b.sheet, `<row r="%d">`, b.row)
	for i, text := range cells {
		switch {
		case text == "":
		case !head && b.amounts[i] && plainNumber.MatchString(text):
			fmt.Fprintf(b.sheet, `<c r="%s%d" s="2"><v>%s</v></c>`, columnName(i), b.row, text)
		default:
			style := 0
			if head {
				style = 1
			}
			fmt.Fprintf(b.sheet, `<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">`, columnName(i), b.row, style)
			if err := xml.EscapeText(b.sheet, []byte(cut(text))); err != nil {
				return err
			}
			b.sheet.WriteString(`</t></is></c>`)
		}
	}
	_, err := b.sheet.WriteString(`</row>`)
	return err
}

// maxCell is the longest text of a cell that spreadsheet programs take, in UTF-16 units; no
// character of what is kept has more than two.
const maxCell = 32_767

func cut(text string) string {
	if len(text) <= maxCell {
		return text
	}
	runes := []rune(text)
	return string(runes[:min(len(runes), maxCell/2)])
}

// columnName is "A" for 0, "AA" for 26.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

func (b *workbook) Close() error {
	b.sheet.WriteString(`</sheetData></worksheet>`)
	if err := b.sheet.Flush(); err != nil {
		return err
	}
	return b.zip.Close()
}
