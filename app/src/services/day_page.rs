//! A provider's last day at a glance: drawn by the server, with a description and a table of the figures.

use super::{
    api::get_service_day,
    day::{Hour, ProviderDay, SlowAttempt, Use},
};
use crate::{
    delivery::{routes::deliveries_path, types::DeliveryQuery},
    secondary_auth::routes::SECONDARY_AUTH_PATH,
    ui::{load::Load, page::Loaded, time::Time},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// How wide an hour is drawn, with the gap to the next one; the drawing is 100 high.
const WIDTH: u32 = 4;

/// A provider's last day, and whom it serves.
#[component]
pub fn DaySection(
    /// The provider's id.
    id: String,
) -> impl IntoView {
    let day = Load::new(get_service_day(id.clone()));
    let all = deliveries_path(&DeliveryQuery { provider: id, ..DeliveryQuery::default() });
    view! {
        <section class="panel" aria-labelledby="provider-day">
            <h2 id="provider-day">{tr!(services.day)}</h2>
            <Loaded resource=day view=move |day| {
                let (accepted, failed) = day.sums();
                let ProviderDay { hours, slowest, used_by } = day;
                view! {
                    {if accepted + failed == 0 {
                        view! { <p>{tr!(services.day_none)}</p> }.into_any()
                    } else {
                        view! { <DayChart hours accepted failed /> <Slowest slowest /> }.into_any()
                    }}
                    <UsedBy used_by />
                }
            } />
            <p><A href=all>{tr!(services.day_deliveries)}</A></p>
        </section>
    }
}

#[component]
fn DayChart(hours: Vec<Hour>, accepted: u32, failed: u32) -> impl IntoView {
    let most = hours.iter().map(|hour| hour.accepted + hour.failed).max().unwrap_or_default();
    let text = tr!(services.day_text, accepted = accepted, failed = failed, most = most);
    let bars = (0..).zip(&hours).flat_map(|(n, hour)| bars(n, hour, most)).collect::<Vec<_>>();
    let view_box = format!("0 0 {} 100", WIDTH * u32::try_from(hours.len()).unwrap_or_default());
    let ends = [hours.first(), hours.last()].map(|hour| hour.map(|hour| hour.time.clone()).unwrap_or_default());
    let [from, to] = ends;
    view! {
        <figure class="chart bars">
            <figcaption>
                <span>{tr!(services.day_chart)}</span>
                <ul aria-hidden="true">
                    <li>
                        <svg viewBox="0 0 8 8"><rect class="accepted" width="8" height="8" /></svg>
                        {tr!(deliveries.accepted)} " " {accepted}
                    </li>
                    <li>
                        <svg viewBox="0 0 8 8"><rect class="failed" width="8" height="8" /></svg>
                        {tr!(deliveries.failed)} " " {failed}
                    </li>
                </ul>
            </figcaption>
            <div class="scale" aria-hidden="true"><span>{most}</span><span>"0"</span></div>
            <svg viewBox=view_box preserveAspectRatio="none" role="img" aria-label=text>
                {bars
                    .into_iter()
                    .map(|Bar { class, x, y, height }| {
                        view! { <rect class=class x=x y=y width={WIDTH - 1} height=height /> }
                    })
                    .collect_view()}
            </svg>
            <div class="days" aria-hidden="true"><Time at=from /> <Time at=to /></div>
        </figure>
        <HourTable hours />
    }
}

#[derive(Debug, PartialEq)]
struct Bar {
    class: &'static str,
    x: u32,
    y: u32,
    height: u32,
}

/// The bars of an hour: what was taken from the ground up, and what failed on top of it. What there is at all is seen.
fn bars(n: u32, hour: &Hour, most: u32) -> Vec<Bar> {
    let height = |count: u32| match count {
        0 => 0,
        _ => (u64::from(count) * 100 / u64::from(most.max(1))).clamp(2, 100),
    };
    let height = |count| u32::try_from(height(count)).unwrap_or(100);
    let (accepted, failed) = (height(hour.accepted), height(hour.failed));
    // Both together fit.
    let accepted = accepted.min(100 - failed);
    let bar = |class, y, height| Bar { class, x: n * WIDTH, y, height };
    [bar("accepted", 100 - accepted, accepted), bar("failed", 100 - accepted - failed, failed)]
        .into_iter()
        .filter(|bar| bar.height > 0)
        .collect()
}

#[component]
fn HourTable(hours: Vec<Hour>) -> impl IntoView {
    view! {
        <details>
            <summary>{tr!(dashboard.figures)}</summary>
            <div class="scroll" tabindex="0" role="region" aria-label=tr!(dashboard.figures)>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{tr!(services.day_hour)}</th>
                            <th scope="col">{tr!(deliveries.accepted)}</th>
                            <th scope="col">{tr!(deliveries.failed)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {hours
                            .into_iter()
                            .rev()
                            .map(|hour| view! {
                                <tr>
                                    <td><Time at=hour.time /></td>
                                    <td>{hour.accepted}</td>
                                    <td>{hour.failed}</td>
                                </tr>
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        </details>
    }
}

#[component]
fn Slowest(slowest: Vec<SlowAttempt>) -> impl IntoView {
    view! {
        <h3>{tr!(services.day_slowest)}</h3>
        <ul>
            {slowest
                .into_iter()
                .map(|SlowAttempt { time, seconds, accepted }| {
                    let state = if accepted { tr!(deliveries.accepted) } else { tr!(deliveries.failed) };
                    view! { <li><Time at=time /> " · " {tr!(deliveries.took, count = seconds)} " · " {state}</li> }
                })
                .collect_view()}
        </ul>
    }
}

#[component]
fn UsedBy(used_by: Vec<Use>) -> impl IntoView {
    let list = if used_by.is_empty() {
        view! { <p>{tr!(services.used_by_none)}</p> }.into_any()
    } else {
        let line = |Use { id, title, fallback, people }| {
            let fallback = fallback.then(|| tr!(services.used_as_fallback));
            view! {
                <li>
                    <A href=format!("{SECONDARY_AUTH_PATH}/{id}")>{title}</A> " · " {tr!(services.used_people, count = people)}
                    {fallback.map(|words| format!(" · {words}"))}
                </li>
            }
        };
        view! { <ul>{used_by.into_iter().map(line).collect_view()}</ul> }.into_any()
    };
    view! {
        <h3>{tr!(services.used_by)}</h3>
        {list}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_stands_on_what_was_taken_and_is_never_too_small_to_be_seen() {
        let hour = |accepted, failed| Hour { time: String::new(), accepted, failed };
        let drawn = |n, accepted, failed| {
            bars(n, &hour(accepted, failed), 1_000)
                .into_iter()
                .map(|bar| (bar.class, bar.x, bar.y, bar.height))
                .collect::<Vec<_>>()
        };
        assert_eq!(drawn(0, 0, 0), []);
        assert_eq!(drawn(2, 500, 250), [("accepted", 8, 50, 50), ("failed", 8, 25, 25)]);
        assert_eq!(drawn(0, 999, 1), [("accepted", 0, 2, 98), ("failed", 0, 0, 2)]);
        assert_eq!(drawn(0, 1, 0), [("accepted", 0, 98, 2)]);
    }
}
