package saas

// ParseRequest turns received parameters into the request struct of their activity, by value: NewInstanceV1 …
// ChangeInstanceCheckV2, OrderNotice. The error is a *ParamError: activity unknown in this generation, or a number that is none.
// Whether everything compulsory is there is the business of CheckParams.
func ParseRequest(g Generation, p Params) (any, error) {
	a := Activity(p[ParamActivity])
	if g == V1 {
		switch a {
		case NewInstance:
			return parse[NewInstanceV1](p)
		case QueryInstance:
			return parse[QueryInstanceV1](p)
		case RefreshInstance:
			return parse[RefreshInstanceV1](p)
		case ExpireInstance:
			return parse[ExpireInstanceV1](p)
		case ReleaseInstance:
			return parse[ReleaseInstanceV1](p)
		case Upgrade:
			return parse[UpgradeV1](p)
		case InstanceStatus:
			return parse[InstanceStatusV1](p)
		}
	}
	if g == V2 {
		switch a {
		case NewInstance:
			return parse[NewInstanceV2](p)
		case QueryInstance:
			return parse[QueryInstanceV2](p)
		case RefreshInstance:
			return parse[RefreshInstanceV2](p)
		case UpdateInstanceStatus:
			return parse[UpdateInstanceStatusV2](p)
		case ReleaseInstance:
			return parse[ReleaseInstanceV2](p)
		case UpgradeInstance:
			return parse[UpgradeInstanceV2](p)
		case ChangeInstanceCheck:
			return parse[ChangeInstanceCheckV2](p)
		case OrderNotify:
			return parse[OrderNotice](p)
		}
	}
	return nil, &ParamError{Name: ParamActivity, Fault: Undefined}
}

func parse[T any](p Params) (any, error) {
	var request T
	if err := decode(p, &request); err != nil {
		return nil, err
	}
	return request, nil
}
