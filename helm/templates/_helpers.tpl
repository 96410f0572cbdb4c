{{- define "token-broker.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "token-broker.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "token-broker.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "token-broker.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "token-broker.selector" -}}
app.kubernetes.io/name: {{ include "token-broker.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "token-broker.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "token-broker.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "token-broker.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "token-broker.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "token-broker.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "token-broker.tlsSecret" -}}
{{- if eq .Values.tls.source "certManager" -}}
{{- printf "%s-tls" (include "token-broker.fullname" .) -}}
{{- else -}}
{{- .Values.tls.existingSecret.name -}}
{{- end -}}
{{- end -}}

{{- define "token-broker.catalogConfigMap" -}}
{{- if .Values.catalog.existingConfigMap -}}
{{- .Values.catalog.existingConfigMap -}}
{{- else if .Values.catalog.files -}}
{{- printf "%s-catalog" (include "token-broker.fullname" .) -}}
{{- end -}}
{{- end -}}

{{/* The heap in MiB: a share of the memory limit, which the schema keeps in Mi or Gi. */}}
{{- define "token-broker.heapMiB" -}}
{{- $limit := .Values.resources.limits.memory -}}
{{- $amount := regexFind "^[0-9]+" $limit | int -}}
{{- $mib := ternary (mul $amount 1024) $amount (hasSuffix "Gi" $limit) -}}
{{- div (mul $mib .Values.heapPercent) 100 -}}
{{- end -}}

{{/* What belongs together across values; all of it is said in one message. */}}
{{- define "token-broker.validate" -}}
{{- $missing := list -}}
{{- if and (eq .Values.tls.source "existingSecret") (not .Values.tls.existingSecret.name) -}}
{{- $missing = append $missing "tls.existingSecret.name: name the Secret with tls.crt and tls.key, or set tls.source to certManager" -}}
{{- end -}}
{{- if and (eq .Values.tls.source "certManager") (not .Values.tls.certManager.issuerRef.name) -}}
{{- $missing = append $missing "tls.certManager.issuerRef.name: name the issuer of the server certificate" -}}
{{- end -}}
{{- if not .Values.vault.address -}}
{{- $missing = append $missing "vault.address: set the https address of Vault or OpenBao" -}}
{{- end -}}
{{- if and (eq .Values.vault.auth.method "kubernetes") (not .Values.vault.auth.kubernetes.role) -}}
{{- $missing = append $missing "vault.auth.kubernetes.role: name the role at Vault" -}}
{{- end -}}
{{- if and (eq .Values.vault.auth.method "appRole") (not .Values.vault.auth.appRole.existingSecret) -}}
{{- $missing = append $missing "vault.auth.appRole.existingSecret: name the Secret with role id and secret id" -}}
{{- end -}}
{{- if and (eq .Values.vault.auth.method "token") (not .Values.vault.auth.token.existingSecret) -}}
{{- $missing = append $missing "vault.auth.token.existingSecret: name the Secret with the token" -}}
{{- end -}}
{{- if not .Values.postgresql.host -}}
{{- $missing = append $missing "postgresql.host: name the host of PostgreSQL" -}}
{{- end -}}
{{- if not .Values.postgresql.existingSecret -}}
{{- $missing = append $missing "postgresql.existingSecret: name the Secret with user name and password" -}}
{{- end -}}
{{- if and (hasPrefix "verify-" .Values.postgresql.sslMode) (not .Values.postgresql.ca.existingSecret) -}}
{{- $missing = append $missing "postgresql.ca.existingSecret: name the Secret with the CA, which this sslMode verifies against" -}}
{{- end -}}
{{- if not .Values.operators -}}
{{- $missing = append $missing "operators: list the identities that may use the management API" -}}
{{- end -}}
{{- if and (has "spiffe" .Values.identity.accept) (not .Values.identity.trustDomains) -}}
{{- $missing = append $missing "identity.trustDomains: list the SPIFFE trust domains of your consumers, or take spiffe out of identity.accept" -}}
{{- end -}}
{{- if not .Values.consent.publicUrl -}}
{{- $missing = append $missing "consent.publicUrl: set the https address at which browsers reach the consent pages" -}}
{{- end -}}
{{- if and .Values.catalog.files .Values.catalog.existingConfigMap -}}
{{- $missing = append $missing "catalog: set files or existingConfigMap, not both" -}}
{{- end -}}
{{- if $missing -}}
{{- fail (printf "\n\nThe values do not make a working release:\n  - %s\n" (join "\n  - " $missing)) -}}
{{- end -}}
{{- end -}}
