package saas

import "slices"

// The result codes (返回码) of saas.md §9. Servers return others too; whatever is not CodeSuccess is a failure, except
// CodeProcessing on a V2 newInstance.
const (
	CodeSuccess        = "000000"
	CodeUnauthorized   = "000001" // signature wrong, key wrong, request too old
	CodeBadParameter   = "000002"
	CodeNoInstance     = "000003" // the instance id does not exist
	CodeProcessing     = "000004" // V2 newInstance: accepted, provisioned asynchronously
	CodeInternal       = "000005"
	CodeNoResource     = "000100"
	CodeMobileTaken    = "000101"
	CodeEmailTaken     = "000102"
	CodeAlreadyBought  = "000103"
	CodeServiceFailure = "000104"
	CodeHasBenefit     = "000105"
	CodeSoldOut        = "000106"
	CodeDomainTaken    = "000107"
)

// ResultCode is one row of the table of result codes. Key names it in message catalogues.
type ResultCode struct {
	Code string
	Key  string
	ZH   string
	EN   string
}

var resultCodes = []ResultCode{
	{CodeSuccess, "saas.result_000000", "成功", "success"},
	{CodeUnauthorized, "saas.result_000001", "鉴权失败", "authentication failed"},
	{CodeBadParameter, "saas.result_000002", "请求参数不合法", "invalid request parameter"},
	{CodeNoInstance, "saas.result_000003", "实例 ID 不存在", "instance id does not exist"},
	{CodeProcessing, "saas.result_000004", "请求处理中", "request is being processed"},
	{CodeInternal, "saas.result_000005", "其他内部错误", "other internal error"},
	{CodeNoResource, "saas.result_000100", "无可用实例资源", "no instance resource available"},
	{CodeMobileTaken, "saas.result_000101", "手机号缺失或已被注册", "mobile number missing or already registered"},
	{CodeEmailTaken, "saas.result_000102", "邮箱缺失或已被注册", "e-mail missing or already registered"},
	{CodeAlreadyBought, "saas.result_000103", "已购买过该商品", "already purchased"},
	{CodeServiceFailure, "saas.result_000104", "服务内部错误", "internal service error"},
	{CodeHasBenefit, "saas.result_000105", "该账号已享有此权益", "account already has the benefit"},
	{CodeSoldOut, "saas.result_000106", "已售罄", "sold out"},
	{CodeDomainTaken, "saas.result_000107", "邮箱域名已存在", "e-mail domain already exists"},
}

// ResultCodes returns the table of result codes.
func ResultCodes() []ResultCode { return slices.Clone(resultCodes) }

// Meaning returns the row of a result code; false for a code that no document knows.
func Meaning(code string) (ResultCode, bool) {
	for _, r := range resultCodes {
		if r.Code == code {
			return r, true
		}
	}
	return ResultCode{}, false
}
