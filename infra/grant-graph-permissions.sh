#!/usr/bin/env bash
# Grants the identity of the Functions app what it reads in Microsoft Graph. For tenants where somebody else than the deployer
# grants such rights; otherwise the parameter of main.bicep does the same. Needs the Azure CLI, signed in as somebody who may
# grant app roles (Privileged Role Administrator). Running it again changes nothing.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: grant-graph-permissions.sh [options] PRINCIPAL_ID
       grant-graph-permissions.sh [options] --resource-group GROUP [--deployment NAME]

PRINCIPAL_ID is the object id of the service principal of the app's managed identity: the output IDENTITY_PRINCIPAL_ID of
the deployment, which is read where a resource group is named (--deployment: main unless told otherwise).

Grants the application permissions User.Read.All, Group.Read.All and GroupMember.Read.All of Microsoft Graph.

  --hidden-memberships  Member.Read.Hidden too (configuration: hiddenMembership: 'write')
  --revoke              takes all four away again
  --dry-run             says what it would do, and changes nothing
  --graph URL           Microsoft Graph of another cloud (default https://graph.microsoft.com)
  --help                this text

Exit codes: 0 everything is as asked, 1 it could not be done, 2 wrong arguments.
TEXT
}

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s\n' "grant-graph-permissions: $1" >&2
  exit "${2:-1}"
}
wrong() { fail "$1 (--help tells more)" 2; }

guid='^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$'
graph_app_id=00000003-0000-0000-c000-000000000000
roles=(
  User.Read.All=df021288-bdef-4463-88db-98f22de89214
  Group.Read.All=5b567255-7703-4780-807c-7be8301ae99b
  GroupMember.Read.All=98830695-27a2-44f7-8c18-0c3ebc9698f6
)
hidden_role=Member.Read.Hidden=658aa5d8-239f-45c4-aa12-864f4fc7e490

principal='' group='' deployment=main graph=https://graph.microsoft.com
revoke=false dry_run=false hidden=false

read_arguments() {
  while (($# > 0)); do
    case $1 in
      --help | -h) usage && exit 0 ;;
      --revoke) revoke=true ;;
      --dry-run) dry_run=true ;;
      --hidden-memberships) hidden=true ;;
      --resource-group | --deployment | --graph)
        (($# > 1)) || wrong "$1 needs a value"
        case $1 in
          --resource-group) group=$2 ;;
          --deployment) deployment=$2 ;;
          --graph) graph=${2%/} ;;
        esac
        shift
        ;;
      -*) wrong "unknown option $1" ;;
      *)
        [[ -z $principal ]] || wrong 'one principal at a time'
        principal=$1
        ;;
    esac
    shift
  done
  [[ -n $principal || -n $group ]] || wrong 'whom? Give a PRINCIPAL_ID, or --resource-group'
  [[ -z $principal || -z $group ]] || wrong 'PRINCIPAL_ID and --resource-group exclude each other'
  [[ -z $principal || $principal =~ $guid ]] || wrong 'PRINCIPAL_ID is not an object id'
}

# Azure may answer the names of outputs in another casing (azd knows it too).
principal_of_deployment() {
  az deployment group show --resource-group "$group" --name "$deployment" --output tsv \
    --query 'properties.outputs.[IDENTITY_PRINCIPAL_ID, identitY_PRINCIPAL_ID][].value'
}

# Lines of "app role id, assignment id": what the principal has of Microsoft Graph.
assignments_of() {
  az rest --method get --url "$graph/v1.0/servicePrincipals/$principal/appRoleAssignments?\$top=999" \
    --query "value[?resourceId=='$resource'].[appRoleId, id]" --output tsv
}

grant() {
  local body="{\"principalId\":\"$principal\",\"resourceId\":\"$resource\",\"appRoleId\":\"$1\"}"
  az rest --method post --url "$graph/v1.0/servicePrincipals/$resource/appRoleAssignedTo" \
    --headers Content-Type=application/json --body "$body" --output none
}

take_away() {
  az rest --method delete --url "$graph/v1.0/servicePrincipals/$resource/appRoleAssignedTo/$1" --output none
}

# One role. The assignment is empty where the principal does not have it.
settle() {
  local name=$1 id=$2 assignment=$3
  if [[ $revoke == true && -z $assignment ]]; then
    say "not granted      $name"
  elif [[ $revoke == false && -n $assignment ]]; then
    say "already granted  $name"
  elif [[ $dry_run == true ]]; then
    say "would $([[ $revoke == true ]] && echo revoke || echo 'grant ')     $name"
  elif [[ $revoke == true ]]; then
    take_away "$assignment" || fail "$name could not be revoked: see the message of az above"
    say "revoked          $name"
  else
    grant "$id" || fail "$name could not be granted: is the signed-in user a Privileged Role Administrator?"
    say "granted          $name"
  fi
}

read_arguments "$@"
command -v az >/dev/null || fail 'the Azure CLI (az) is not on the PATH'
if [[ -n $group ]]; then
  principal=$(principal_of_deployment) || fail "deployment $deployment of $group cannot be read: signed in (az login)?"
  [[ $principal =~ $guid ]] || fail "deployment $deployment of $group has no output IDENTITY_PRINCIPAL_ID"
fi
resource=$(az rest --method get --url "$graph/v1.0/servicePrincipals(appId='$graph_app_id')" --query id --output tsv) ||
  fail 'Microsoft Graph cannot be asked: signed in (az login)?'
assigned=$(assignments_of) ||
  fail "the service principal $principal cannot be read; one that was just made may take a minute to appear"
if [[ $hidden == true || $revoke == true ]]; then roles+=("$hidden_role"); fi

say "Microsoft Graph for $principal"
for role in "${roles[@]}"; do
  id=${role#*=}
  assignment=$(awk -v id="$id" '$1 == id { print $2; exit }' <<<"$assigned")
  settle "${role%%=*}" "$id" "$assignment"
done
if [[ $revoke == false && $dry_run == false ]]; then
  say 'A token that the app already has lasts for up to a day; only a newer one has the new rights.'
fi
