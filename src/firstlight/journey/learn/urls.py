from django.urls import path

from firstlight.journey.learn.views import calls, front, prices, reporting

app_name = "learn"
urlpatterns = [
    path("", front.home, name="home"),
    path("favicon.ico", front.favicon, name="favicon"),
    path("learn/ketamine/", front.ketamine, name="ketamine"),
    path("learn/parents/", front.parents, name="parents"),
    path("learn/session/", front.session, name="session"),
    path("learn/risks/", front.risks, name="risks"),
    path("learn/cannot/", front.cannot, name="cannot"),
    path("learn/signs/", front.signs, name="signs"),
    path("learn/reporting/", front.reporting, name="reporting"),
    path("learn/people/", front.people, name="people"),
    path("learn/price/", front.price, name="price"),
    path("learn/sources/", front.sources, name="sources"),
    path("call/", calls.call, name="call"),
    path("call/thanks/", calls.called, name="called"),
    path("clinic/prices/", prices.prices, name="prices"),
    path("clinic/reporting/", reporting.review, name="review"),
]
