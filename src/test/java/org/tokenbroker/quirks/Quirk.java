package org.tokenbroker.quirks;

import java.util.List;
import java.util.stream.Stream;

/**
 * A class of what providers do otherwise than RFC 6749, and the tests that prove that a profile can
 * say it. Number 50, chained tokens, cannot be said as data.
 *
 * @param proofs test methods, as {@code package.Class#method} below {@code org.tokenbroker}
 */
record Quirk(int number, String what, List<String> proofs) {
  static final List<Quirk> TABLE =
      List.of(
          quirk(
              1,
              "the answer names no expiry",
              "provider.http.QuirksOfAnswersTest#theLifeOfATokenIsReadAsItsVendorTellsIt",
              "provider.http.IntrospectionRequestsTest#theEndOfATokenIsAskedForByAFormWithTheClientsAuthentication",
              "connection.KeeperTest#anEndThatTheAnswerDidNotTellIsAskedForOnceTheGrantIsDurable",
              "refresh.RefreshTimesTest#aTokenThatNeverEndsIsKeptForAnotherWhileWithoutACall"),
          quirk(
              2,
              "expiry is a text",
              "provider.http.QuirksOfAnswersTest#theLifeOfATokenIsReadAsItsVendorTellsIt"),
          quirk(
              3,
              "expiry zero means never",
              "provider.http.QuirksOfAnswersTest#theLifeOfATokenIsReadAsItsVendorTellsIt",
              "provider.AnswerQuirksTest#theEndIsReadAsTheProfileSays"),
          quirk(
              4,
              "expiry has another name",
              "provider.http.QuirksOfAnswersTest#theLifeOfATokenIsReadAsItsVendorTellsIt"),
          quirk(
              5,
              "expiry counts milliseconds",
              "provider.http.QuirksOfAnswersTest#theLifeOfATokenIsReadAsItsVendorTellsIt"),
          quirk(
              6,
              "expiry is a moment, a date or known to the token alone",
              "provider.http.QuirksOfAnswersTest#anEndThatIsWrittenAsADateIsRead",
              "provider.http.QuirksOfAnswersTest#anEndThatIsWrittenAsATimeSince1970IsRead",
              "provider.http.QuirksOfAnswersTest#aTokenThatAloneKnowsItsEndIsAsked"),
          quirk(
              7,
              "the refresh token has an end of its own",
              "provider.http.QuirksOfAnswersTest#theRefreshTokensOwnEndIsFoundUnderAllItsUsualNames",
              "provider.http.QuirksOfAnswersTest#aRefreshTokenWithALifeOfZeroHasNoEnd",
              "refresh.RefreshTimesTest#aRefreshTokenIsUsedBeforeTheEndThatTheAnswerTold"),
          quirk(
              8,
              "tokens are nested or renamed",
              "provider.http.QuirksOfAnswersTest#tokensAreFoundWhereTheVendorPutsThem",
              "story.AddedProviderStoryIT#aFileAddsAProviderABadOneDoesNotTakeItAwayAndAGrantThatWouldDieUnusedLives"),
          quirk(
              9,
              "the answer is a form, or says another type than it has",
              "provider.http.QuirksOfAnswersTest#anAnswerIsReadByItsTypeAndElseByItsLooks",
              "provider.http.TokenRequestsTest#acceptAndFurtherHeadersAreTheProfiles"),
          quirk(
              10,
              "the token type is missing or odd",
              "provider.http.QuirksOfAnswersTest#aTokenTypeThatOnlyTheVendorKnowsIsTakenForBearerAndAMissingOneToo"),
          quirk(
              11,
              "scopes of the answer are null, absent, an array or a text with commas",
              "provider.http.QuirksOfAnswersTest#scopesAreReadInWhateverFormTheyComeAndElseCountAsNotTold",
              "provider.AnswerReaderTest#anAnswerWithoutRefreshTokenOrScopeLeavesBothAsTheyWere"),
          quirk(
              12,
              "scopes have another separator or name",
              "consent.ConsentStartTest#responseTypeScopeSeparatorAndPlainChallengesAreTheProfiles",
              "consent.ConsentStartTest#parametersCanHaveOtherNames",
              "provider.http.TokenRequestsTest#scopesAreSeparatedAsTheProfileSays",
              "provider.http.QuirksOfRequestsTest#zohoWantsTheRedirectUriAndAnotherTheScopesAgainOnRefresh"),
          quirk(
              13,
              "client authentication by Basic, in the body, or Basic and a client id",
              "provider.http.QuirksOfRequestsTest#aJsonBodyGoesWithBasicAuthenticationWhereNotionWantsBoth",
              "provider.http.QuirksOfRequestsTest#theClientIdStandsBesideBasicAuthenticationWhereTwitterWantsIt",
              "provider.http.TokenRequestsTest#basicCredentialsAreEncodedAsTheProviderDecodes",
              "provider.http.ClientAuthenticationTest#postedCredentialsAreInTheBodyOnly",
              "provider.http.ClientProofsTest#aSecretCanSignTheAssertionAndIsNotSent"),
          quirk(
              14,
              "assertions differ in audience, issuer, key name, life and claims",
              "provider.http.ClientProofsTest#everyRequestCarriesAnAssertionOfItsOwnByTheRulesOfTheProfile",
              "provider.http.ClientAssertionTest#audienceLifetimeAndTypeAreProfileData",
              "provider.http.ClientAssertionTest#issuerAgeAndFurtherClaimsAreProfileData",
              "provider.http.ClientAssertionTest#theProfileSaysWhatNamesTheKey"),
          quirk(
              15,
              "parameters have other names",
              "provider.http.QuirksOfRequestsTest#weChatIsAskedByGetUnderItsOwnNames",
              "provider.http.TokenRequestsTest#parametersCanHaveOtherNames",
              "consent.ConsentStartTest#parametersCanHaveOtherNames"),
          quirk(
              16,
              "token requests are JSON",
              "provider.http.TokenRequestsTest#aBodyCanBeJson",
              "provider.http.TokenRequestsTest#parametersCanStandInTheQueryOfAPost",
              "provider.http.QuirksOfRequestsTest#aRefreshCanHaveItsOwnPlaceForParameters"),
          quirk(
              17,
              "tokens are asked for by GET",
              "provider.http.QuirksOfRequestsTest#weChatIsAskedByGetUnderItsOwnNames",
              "provider.http.TokenRequestsTest#aTokenCanBeGotByGetAndTheQueryOfTheEndpointStays"),
          quirk(
              18,
              "further headers and parameters; signatures are beyond data",
              "provider.http.QuirksOfRequestsTest#fixedHeadersAndParametersGoAlong"),
          quirk(
              19,
              "refreshes go elsewhere",
              "provider.http.QuirksOfRequestsTest#instagramIsAskedByPostAndRenewsAnAccessTokenByGetElsewhere",
              "provider.http.TokenRequestsTest#refreshTokensGoToTheirOwnEndpointWhereThereIsOne"),
          quirk(
              20,
              "an access token is renewed by itself",
              "provider.http.QuirksOfRequestsTest#instagramIsAskedByPostAndRenewsAnAccessTokenByGetElsewhere",
              "provider.http.TokenRequestsTest#anAccessTokenCanBeExchangedForTheNextOne",
              "refresh.RefresherTest#whereTheProfileSaysSoTheAccessTokenItselfIsExchangedWhileItLives"),
          quirk(
              21,
              "the redirect URI is wanted on refresh",
              "provider.http.QuirksOfRequestsTest#zohoWantsTheRedirectUriAndAnotherTheScopesAgainOnRefresh",
              "connection.KeeperTest#theRedirectUriOfAGrantIsKeptWithIt",
              "refresh.RefresherTest#aRefreshKnowsTheScopesAskedForThoseInForceAndTheRedirectUriOfItsGrant"),
          quirk(
              22,
              "scopes are wanted on refresh",
              "provider.http.TokenRequestsTest#aRefreshRepeatsTheScopesThatTheProfileNames",
              "refresh.RefresherTest#aRefreshKnowsTheScopesAskedForThoseInForceAndTheRedirectUriOfItsGrant"),
          quirk(
              23,
              "each refresh rotates the refresh token",
              "refresh.RefresherTest#presentsTheRefreshTokenAsSuchAndReplacesBothTokens",
              "refresh.UnknownOutcomeTest#aPerhapsSpentTokenIsNotPresentedAgainWhileTheOldAccessTokenLives"),
          quirk(
              24,
              "refresh tokens are never rotated",
              "refresh.RefresherTest#keepsTheOldRefreshTokenWhenTheAnswerHoldsNone",
              "refresh.UnknownOutcomeTest#whereTokensAreNotRotatedAnUnknownOutcomeIsRetriedFreely"),
          quirk(
              25,
              "refresh tokens are sometimes rotated",
              "refresh.RefresherTest#presentsTheRefreshTokenAsSuchAndReplacesBothTokens",
              "refresh.RefresherTest#keepsTheOldRefreshTokenWhenTheAnswerHoldsNone",
              "provider.catalog.ProfileReaderTest#theLeastProfileGetsTheDocumentedDefaults"),
          quirk(
              26,
              "a used refresh token is good for a while",
              "refresh.UnknownOutcomeTest#withinTheGraceWindowAPerhapsSpentTokenIsPresentedAgain"),
          quirk(
              27,
              "an unused grant dies",
              "story.AddedProviderStoryIT#aFileAddsAProviderABadOneDoesNotTakeItAwayAndAGrantThatWouldDieUnusedLives",
              "refresh.RefreshTimesTest#aRefreshTokenThatWouldDieUnusedIsUsedThoughTheAccessTokenLives",
              "connection.WindowsTest#anUnusedRefreshTokenIsUsedWellBeforeItDiesThoughTheAccessTokenLives"),
          quirk(
              28,
              "a grant dies of age",
              "connection.TermTest#endsAfterTheProfilesWindowHoweverFreshTheRefreshTokenIs",
              "connection.store.PgAgreementsTest#anAgreementNearItsEndIsWarnedOfOnce"),
          quirk(
              29,
              "a refresh ends the access token before it",
              "story.AddedProviderStoryIT#aFileAddsAProviderABadOneDoesNotTakeItAwayAndAGrantThatWouldDieUnusedLives",
              "serve.ServePolicyTest#whereARefreshEndsTheTokenCachesComeBackSoonAtAnyAge"),
          quirk(
              30,
              "few tokens may live at a time: one refresher, no consent in loops",
              "refresh.OnDemandTest#aHundredCallersShareOneRefreshAndOneWhoLeavesDoesNotEndIt",
              "refresh.store.PgLeaseTest#aDueConnectionIsClaimedByOneOfManyReplicasOnly",
              "refresh.RefreshRefusalTest#theRefusalOfTheNewestRefreshTokenNeedsTheOwnerAndIsNotRetried"),
          quirk(
              31,
              "refreshes that come early or often are refused",
              "story.AddedProviderStoryIT#aFileAddsAProviderABadOneDoesNotTakeItAwayAndAGrantThatWouldDieUnusedLives",
              "refresh.RefreshTimesTest#aProviderThatWantsTimeBetweenRefreshesIsNotAskedSoonerThoughAConsumerReports",
              "connection.WindowsTest#aProviderThatRefusesEarlyRenewalsIsNotAskedEarly",
              "connection.WindowsTest#theMarginGoesBeforeTheShareOfTheLifeUpToHalfOfIt"),
          quirk(
              32,
              "a second consent brings no refresh token",
              "story.AddedProviderStoryIT#aFileAddsAProviderABadOneDoesNotTakeItAwayAndAGrantThatWouldDieUnusedLives",
              "connection.KeeperTest#theEarlierRefreshTokenStaysInUseWhereTheProfileSaysSoAndTheNewConsentBringsNone",
              "consent.ConsentStartTest#parametersOfProfileAndRegistrationGoAlong"),
          quirk(
              33,
              "refresh tokens are to be asked for",
              "provider.catalog.ShippedProfilesTest#offlineAccessIsAlwaysAskedForAndTheSecretGoesInTheBody",
              "consent.ConsentStartTest#parametersOfProfileAndRegistrationGoAlong",
              "provider.http.QuirksOfRequestsTest#fixedHeadersAndParametersGoAlong"),
          quirk(
              34,
              "an audience or a resource is to be named",
              "consent.ConsentStartTest#parametersOfProfileAndRegistrationGoAlong",
              "provider.http.TokenRequestsTest#fixedAndRegisteredParametersGoWithEveryTokenRequest"),
          quirk(
              35,
              "each tenant has its own URLs",
              "provider.http.TokenRequestsTest#aRegistrationsVariablesDecideWhereItsRequestsGo",
              "provider.catalog.ShippedProfilesTest#aTenantThatWouldLeadElsewhereIsRefused",
              "provider.catalog.ContradictionsTest#aVariableInAHostNeedsAListOfHosts"),
          quirk(
              36,
              "the callback tells facts, the token host too, and the code under another name",
              "provider.http.QuirksOfRequestsTest#connectionsOfOneRegistrationAreAtDifferentHostsWhereZohosCallbackSaysSo",
              "provider.ProviderClientTest#noHostOutsideOfTheProfilesIsBelieved",
              "story.AddedProviderStoryIT#aFileAddsAProviderABadOneDoesNotTakeItAwayAndAGrantThatWouldDieUnusedLives",
              "consent.ProviderInstallTest#publicFactsThatComeWithTheCodeAreKeptWithTheGrant"),
          quirk(
              37,
              "the answer tells facts, also on refresh",
              "provider.http.QuirksOfAnswersTest#publicFactsOfTheAnswerComeWithTheTokens",
              "refresh.RefresherTest#publicFactsOfALaterAnswerReplaceTheEarlierOnes"),
          quirk(
              38,
              "facts are looked up after the connect",
              "provider.http.ProviderApiTest#theTokenGoesIntoTheHeaderOnceAndTheAnswerIsRead",
              "connection.InstallLifeTest#aConsentOfAProfileWithFactsIsActiveOnceTheyAreKnown"),
          quirk(
              39,
              "installs start at the provider, without state",
              "consent.ProviderInstallTest#aCodeWithoutAStateIsExchangedForAConnectionThatIsNobodys"),
          quirk(
              40,
              "PKCE is required or must be absent",
              "consent.ConsentStartTest#aProviderWithoutPkceIsSentNoChallenge",
              "consent.ConsentStartTest#anOwnerIsSentWithEverythingTheProviderNeeds"),
          quirk(
              41,
              "the response type is odd or absent",
              "consent.ConsentStartTest#responseTypeScopeSeparatorAndPlainChallengesAreTheProfiles",
              "consent.ConsentStartTest#aResponseTypeMayBeAnother"),
          quirk(
              42,
              "an error calls itself a success",
              "provider.http.QuirksOfErrorsTest#anErrorThatCallsItselfASuccessIsAnError",
              "provider.http.QuirksOfErrorsTest#anExhaustedBudgetThatCallsItselfASuccessIsAPause",
              "provider.http.QuirksOfErrorsTest#aSuccessWithoutAnAccessTokenIsNoSuccess"),
          quirk(
              43,
              "an error stands in odd fields",
              "provider.http.QuirksOfErrorsTest#aReasonInAnOddPlaceIsFound",
              "provider.http.QuirksOfErrorsTest#aRuleGivesAReasonItsMeaning",
              "provider.http.QuirksOfErrorsTest#aRuleSaysThatNothingHappened"),
          quirk(
              44,
              "the same error has another status",
              "provider.http.QuirksOfErrorsTest#theSameReasonMeansTheSameUnderAnotherStatus",
              "provider.http.QuirksOfErrorsTest#aCodeThatLiesOnRefreshesTellsTheTruthElsewhere"),
          quirk(
              45,
              "rate limits are told in several forms and counted per app or host",
              "provider.AnswerReaderTest#bothFormsOfRetryAfterAreHonouredWithinBounds",
              "provider.http.ProviderGuardTest#aPauseLastsUntilTheResetThatTheProfilesHeaderNames",
              "provider.http.ProviderGuardTest#aThrottledProviderIsLeftAloneByAllItsRegistrations",
              "provider.http.ProviderGuardTest#aRegistrationHasABudgetOfItsOwnWhereTheProfileSaysSo",
              "provider.http.ProviderGuardTest#aHostHasABudgetOfItsOwnWhereTheProfileSaysSo"),
          quirk(
              46,
              "the API wants another header, scheme or the query",
              "serve.ServingTest#headerAndSchemeAreThoseOfTheProfile",
              "serve.ServingTest#whereTheApiWantsTheTokenInItsQueryTheParameterIsNamed",
              "provider.http.ProviderApiTest#anApiThatKnowsNothingBetterGetsTheTokenInTheQuery"),
          quirk(
              47,
              "an id_token is absent or unwanted",
              "provider.http.QuirksOfAnswersTest#anIdTokenIsNeitherWantedNorMinded"),
          quirk(
              48,
              "a disconnect revokes in its own way",
              "provider.http.RevocationRequestsTest#itsParametersCanStandInTheQuery",
              "provider.http.RevocationRequestsTest#itsTokenCanHaveAnotherNameAndFurtherParametersGoWithIt",
              "provider.http.RevocationRequestsTest#itCanBeProvenByTheAccessTokenAndThenNothingOfOurClientGoesWithIt",
              "connection.DisconnectionTest#theProfileSaysWhichTokensAreRevokedAndInWhichOrder"),
          quirk(
              49,
              "the client shows a certificate",
              "provider.http.ClientProofsTest#aCertificateIsShownInTheHandshakeAndTheClientNamesItself"));

  private static Quirk quirk(int number, String what, String... proofs) {
    return new Quirk(number, what, List.of(proofs));
  }

  static Stream<String> allProofs() {
    return TABLE.stream().flatMap(quirk -> quirk.proofs().stream()).distinct();
  }
}
