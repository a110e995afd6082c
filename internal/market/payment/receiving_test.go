package payment

import (
	"reflect"
	"slices"
	"testing"

	"jishi/internal/base/money"
)

func TestCodesInRemarks(t *testing.T) {
	code := withCheck(12345678)
	if len(code) != 12 {
		t.Fatal(code)
	}
	for remark, want := range map[string][]string{
		code: {code},
		"货款 js " + code[2:6] + "-" + code[6:]: {code},
		"for " + code + ".":                   {code},
		"JS1234567800":                        nil, // wrong check digits
		"JS" + code[3:]:                       nil,
		"nothing":                             nil,
	} {
		if got := codesIn(remark); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", remark, got, want)
		}
	}
	// No slip of one digit, and no swap of neighbours, names another account.
	digits := []byte(code[2:])
	for i := range digits {
		for d := byte('0'); d <= '9'; d++ {
			if wrong := slices.Concat([]byte("JS"), digits[:i], []byte{d}, digits[i+1:]); d != digits[i] && len(codesIn(string(wrong))) > 0 {
				t.Errorf("%s passes for %s", wrong, code)
			}
		}
		if i > 0 && digits[i] != digits[i-1] {
			swapped := slices.Clone(digits)
			swapped[i], swapped[i-1] = swapped[i-1], swapped[i]
			if len(codesIn("JS"+string(swapped))) > 0 {
				t.Errorf("%s passes for %s", swapped, code)
			}
		}
	}
}

func TestPayersAreCompared(t *testing.T) {
	if payerKey("青禾（上海） 有限公司") != payerKey("青禾(上海)有限公司") || payerKey("ACME Ltd.") != payerKey("acme ltd") || payerKey("A") == payerKey("B") {
		t.Error("names")
	}
}

func TestStatements(t *testing.T) {
	cols := Columns{Date: "交易日期", Amount: "贷方金额", Payer: "对方户名", Reference: "流水号", Remark: "附言"}
	text := "\uFEFF某银行对账单;;;;\n交易日期;借方金额;贷方金额;对方户名;流水号;附言\n" +
		"2026/1/5 09:30:00;;\"1,250.50\";买家;S-1;JS\n" +
		"20260106;300;;供应商;S-2;\n" +
		"2026-01-07;;12.345;买家;S-3;\n" +
		"never;;10;买家;S-4;\n" +
		"2026-01-08;;10;买家;S-1;\n" +
		"2026-01-08;;10;;S-6;\n\n" +
		"2026-01-09;;7;买家;S-7\n"
	s, err := ParseStatement(text, cols, "CNY")
	if err != nil || s.Outgoing != 1 || len(s.Lines) != 2 {
		t.Fatalf("%+v, %v", s, err)
	}
	if l := s.Lines[0]; l.Amount != 1250_50 || l.BookedOn != "2026-01-05" || l.Line != 3 || s.Lines[1].Line != 10 {
		t.Errorf("%+v", s.Lines)
	}
	var faults []int
	for _, f := range s.Faults {
		faults = append(faults, f.Line)
	}
	if !reflect.DeepEqual(faults, []int{5, 6, 7, 8}) {
		t.Error("faulty lines", faults)
	}
	for amount, want := range map[string]money.Amount{"1250,50": 0, "1.250,50": 0, "12,5": 0, "1,2345": 0, ",500": 0, "1,000": 1000_00, "12,345,678.90": 12345678_90, "+5.5": 5_50} {
		s, err := ParseStatement("交易日期;贷方金额;对方户名;流水号;附言\n2026-01-09;"+amount+";买家;S-9;\n", cols, "CNY")
		if err != nil || len(s.Lines)+len(s.Faults) != 1 || len(s.Lines) == 1 && s.Lines[0].Amount != want || len(s.Lines) == 0 && want != 0 {
			t.Errorf("%s: %+v, %v", amount, s, err)
		}
	}
	for _, bad := range []string{"", "a,b,c\n1,2,3\n", "交易日期,贷方金额,对方户名,流水号,附言\n"} {
		if _, err := ParseStatement(bad, cols, "CNY"); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
